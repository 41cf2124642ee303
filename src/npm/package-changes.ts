/**
 * Packages whose files are otherwise in an image than in their tarballs: with a binary that was compiled for the platform,
 * without those of others. A changed package is its platform's own, whatever happens to it elsewhere.
 */
import { compareText } from '../base/index.ts'
import {
  type NodeModulesPlan,
  type PlacedPackage,
  type Placement,
  sharedAndOwn,
} from './plan-node-modules.ts'
import type { PackageFile } from './unpack-package.ts'

export interface PackageChange {
  /** equal keys mean equal changes */
  readonly key: string
  /** paths of files, relative to the package */
  readonly remove: ReadonlySet<string>
  readonly add: readonly PackageFile[]
}

/** What is changed, by platform (`formatPlatform`) and location. */
export type PackageChanges = ReadonlyMap<string, ReadonlyMap<string, PackageChange>>

/** The plan with changed packages, each where it belongs now. */
export function withChanges(plan: NodeModulesPlan, changes: PackageChanges): NodeModulesPlan {
  if ([...changes.values()].every((ofPlatform) => ofPlatform.size === 0)) return plan
  const placements = new Map(
    [...plan.perPlatform].map(([platform, own]) => [
      platform,
      changed(joined(plan.shared, own), changes.get(platform) ?? new Map()),
    ]),
  )
  return { ...plan, ...sharedAndOwn(placements, plan.shared) }
}

function joined(shared: Placement, own: Placement): Placement {
  return {
    packages: [...shared.packages, ...own.packages].sort((a, b) =>
      compareText(a.package.location, b.package.location),
    ),
    binLinks: [...shared.binLinks, ...own.binLinks].sort((a, b) => compareText(a.path, b.path)),
  }
}

function changed({ packages, binLinks }: Placement, changes: ReadonlyMap<string, PackageChange>): Placement {
  const changeOf = ({ package: { location, inBundle } }: PlacedPackage): PackageChange | undefined => {
    const own = changes.get(location)
    if (own || !inBundle) return own
    // What comes in the tarball of a package above it goes where that goes.
    const above = [...changes].find(([outer]) => location.startsWith(`${outer}/node_modules/`))
    return above && { key: `with ${above[0]} ${above[1].key}`, remove: new Set(), add: [] }
  }
  return {
    packages: packages.map((placed) => {
      const change = changeOf(placed)
      return change ? { ...placed, change } : placed
    }),
    binLinks,
  }
}

/** A package's files with its change, sorted by path; a folder stays as long as a file is in it. */
export function changedFiles(
  files: readonly PackageFile[],
  change: PackageChange | undefined,
): readonly PackageFile[] {
  if (!change) return files
  const added = new Map(change.add.map((file) => [file.path, file]))
  const kept = files.filter(
    ({ path, type }) => type === 'file' && !change.remove.has(path) && !added.has(path),
  )
  const all = [...kept, ...added.values()]
  const folders = new Set(all.flatMap(({ path }) => foldersAbove(path)))
  return [...all, ...[...folders].map(folderAt)].sort((a, b) => compareText(a.path, b.path))
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

function folderAt(path: string): PackageFile {
  return { path, type: 'directory', mode: 0o755, size: 0, content: async function* () {} }
}
