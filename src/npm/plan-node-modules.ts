/**
 * What goes where: the packages that every platform has, and for each platform only what it has beyond them. Whether a
 * package is everybody's depends on the package, not on which platforms happen to be built together: a platform that is
 * built alone, on a machine of its own, gets the layers that it would get beside others, and shares them with theirs.
 */
import { posix } from 'node:path'
import { type CancelOptions, compareText } from '../base/index.ts'
import {
  type LockedPackage,
  nameAndVersion,
  type NpmTarget,
  type Omission,
  type PackageLock,
  type PackageSet,
  selectPackages,
} from '../lockfile/index.ts'
import { formatPlatform } from '../oci/index.ts'
import { NpmError } from './npm-error.ts'
import type { PackageChange } from './package-changes.ts'
import type { PackageSource } from './package-source.ts'
import { type BinLink, planBinLinks } from './plan-bin-links.ts'
import { npmTargetOf, type TargetPlatform } from './target-platform.ts'

/** A package or link at its place. */
export interface PlacedPackage {
  readonly package: LockedPackage
  /**
   * paths inside the package that `.bin` links point at, sorted: npm makes them executable, and the end of their `#!` line LF
   */
  readonly executables: readonly string[]
  /** what is otherwise than in the package's tarball */
  readonly change?: PackageChange
}

/** A part of node_modules that becomes one layer. */
export interface Placement {
  /** sorted by location */
  readonly packages: readonly PlacedPackage[]
  /** sorted by path */
  readonly binLinks: readonly BinLink[]
}

export interface NodeModulesPlan {
  /** what any platform has, whatever its CPU and libc */
  readonly shared: Placement
  /** what a platform has beyond that, by `formatPlatform` */
  readonly perPlatform: ReadonlyMap<string, Placement>
  /**
   * files of the project itself (of workspaces and `file:` folders), relative to its root, that `.bin` links point at: npm makes
   * them executable; sorted
   */
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
  const { platforms } = options
  const targets = platforms.map(npmTargetOf)
  const sets = await selectForTargets(lock, [...targets, ...neutralTargets(targets)], options)
  const all = sets.map((set) => placementOf(set, options.binLinks ?? true))
  const placements = new Map(
    platforms.map(({ platform }, index) => [formatPlatform(platform), all[index] as Placement]),
  )
  refuseLinksOutside(all)
  return {
    ...sharedAndOwn(placements, commonPart(all)),
    projectExecutables: projectExecutables([...placements.values()]),
  }
}

/** Sets apart what all platforms have of `neutral`, the part that depends on no platform. */
export function sharedAndOwn(
  placements: ReadonlyMap<string, Placement>,
  neutral: Placement,
): Pick<NodeModulesPlan, 'shared' | 'perPlatform'> {
  const shared = commonPart([neutral, ...placements.values()])
  return {
    shared,
    perPlatform: new Map(
      [...placements].map(([platform, placement]) => [platform, without(placement, shared)]),
    ),
  }
}

/** The targets with a CPU that no package knows and without a libc: what fits them fits any. */
function neutralTargets(targets: readonly NpmTarget[]): NpmTarget[] {
  const neutral = targets.map(
    ({ os, nodeVersion }): NpmTarget => ({
      os,
      cpu: 'any-cpu',
      ...(nodeVersion === undefined ? {} : { nodeVersion }),
    }),
  )
  return [...new Map(neutral.map((target) => [JSON.stringify(target), target])).values()]
}

/** Each target's packages; where a lock lost `libc`, the packages themselves are asked. */
async function selectForTargets(
  lock: PackageLock,
  targets: readonly NpmTarget[],
  { source, signal, ...options }: PlanNodeModulesOptions,
): Promise<PackageSet[]> {
  const select = (libcOf: ReadonlyMap<string, readonly string[]>) =>
    targets.map((target) =>
      selectPackages(lock, {
        ...options,
        target,
        omit: options.omit ?? ['dev'],
        libcOf: ({ location }) => libcOf.get(location),
      }),
    )
  const sets = select(new Map())
  const all = new Map(sets.flatMap(({ packages }) => packages.map((locked) => [locked.location, locked])))
  const libcOf = await source.libcOf([...all.values()], { signal })
  return libcOf.size > 0 ? select(libcOf) : sets
}

/** Packages with what their links make executable. */
export function placementOf(set: PackageSet, withBinLinks: boolean): Placement {
  const binLinks = withBinLinks ? planBinLinks(set) : []
  const executables = new Map<string, Set<string>>()
  for (const { owner, file } of binLinks) {
    executables.set(owner, (executables.get(owner) ?? new Set()).add(file))
  }
  return {
    packages: set.packages.map((locked) => ({
      package: locked,
      executables: [...(executables.get(locked.location) ?? [])].sort(compareText),
    })),
    binLinks: binLinks.sort((a, b) => compareText(a.path, b.path)),
  }
}

function refuseLinksOutside(placements: readonly Placement[]): void {
  for (const { package: locked } of placements.flatMap(({ packages }) => packages)) {
    if (!locked.target?.startsWith('..')) continue
    throw new NpmError(
      'NPM_LINK_OUTSIDE_PROJECT',
      `${nameAndVersion(locked)} is a link to ${locked.target}, outside the project: an image would not have it`,
      {
        kind: 'usage',
        hint: 'build from the folder that holds both, make it a workspace, or set `install-links=true` in .npmrc and run `npm install`',
        details: { location: locked.location, target: locked.target },
      },
    )
  }
}

function commonPart(placements: readonly Placement[]): Placement {
  const [first, ...others] = placements
  if (!first) return { packages: [], binLinks: [] }
  const packageSets = others.map(({ packages }) => new Set(packages.map(identityOf)))
  const packages = first.packages.filter((placed) => packageSets.every((set) => set.has(identityOf(placed))))
  const owners = new Set(packages.map(({ package: locked }) => locked.location))
  const linkSets = others.map(({ binLinks }) => new Set(binLinks.map(linkIdentity)))
  const binLinks = first.binLinks.filter(
    (link) => owners.has(link.owner) && linkSets.every((set) => set.has(linkIdentity(link))),
  )
  return { packages, binLinks }
}

function without(placement: Placement, shared: Placement): Placement {
  const packages = new Set(shared.packages.map(identityOf))
  const links = new Set(shared.binLinks.map(linkIdentity))
  return {
    packages: placement.packages.filter((placed) => !packages.has(identityOf(placed))),
    binLinks: placement.binLinks.filter((link) => !links.has(linkIdentity(link))),
  }
}

/** A lock has one package at a place: only what is made executable, or was changed, can differ between platforms. */
function identityOf({ package: locked, executables, change }: PlacedPackage): string {
  return [locked.location, change?.key ?? '', ...executables].join('\0')
}

function linkIdentity({ path, target }: BinLink): string {
  return `${path}\0${target}`
}

function projectExecutables(placements: readonly Placement[]): string[] {
  const files = placements
    .flatMap(({ packages }) => packages)
    .flatMap(({ package: { target }, executables }) =>
      target === undefined ? [] : executables.map((file) => posix.join(target, file)),
    )
  return [...new Set(files)].sort(compareText)
}
