import { type CancelOptions, InternalError } from '../base/index.ts'
import type { LockedPackage, Omission, PackageLock } from '../lockfile/index.ts'
import type { PackageSource } from './package-source.ts'
import type { TargetPlatform } from './target-platform.ts'

/** A package or link at its place in the image. */
export interface PlacedPackage {
  readonly package: LockedPackage
  /** paths inside the package that `.bin` links point at: npm makes them executable and their first line end in LF */
  readonly executables: readonly string[]
}

/** A symbolic link in a `.bin` folder. */
export interface BinLink {
  /** relative to the project's root: `node_modules/.bin/tsc` */
  readonly path: string
  /** the link's text: `../typescript/bin/tsc` */
  readonly target: string
  /** the package that owns the target, by location */
  readonly owner: string
  /** the target inside that package; there is no link when it is not there */
  readonly file: string
}

/** A part of node_modules that becomes one layer. */
export interface Placement {
  readonly packages: readonly PlacedPackage[]
  readonly binLinks: readonly BinLink[]
}

export interface NodeModulesPlan {
  /** equal on all platforms */
  readonly shared: Placement
  /** what a platform has beyond that, by `formatPlatform` */
  readonly perPlatform: ReadonlyMap<string, Placement>
  /** files of the project itself (of workspaces and `file:` folders), relative to its root, that bin links point at: npm makes them executable */
  readonly projectExecutables: readonly string[]
}

export interface PlanNodeModulesOptions extends CancelOptions {
  platforms: readonly TargetPlatform[]
  source: PackageSource
  /** default: dev */
  omit?: readonly Omission[]
  workspaces?: readonly string[]
  legacyPeerDeps?: boolean
  /** false: no `.bin` links, as npm's `bin-links=false` */
  binLinks?: boolean
}

/**
 * Decides which packages go where. Throws `NpmError` `NPM_LINK_OUTSIDE_PROJECT` for a `file:` folder that an image cannot
 * hold, and whatever opening candidates for a missing `libc` throws.
 */
export async function planNodeModules(
  lock: PackageLock,
  options: PlanNodeModulesOptions,
): Promise<NodeModulesPlan> {
  throw new InternalError(`not written yet ${lock.file} ${options.platforms.length}`)
}
