/**
 * The packages of one platform: what `npm ci --omit=… --os --cpu --libc` would put on disk. As npm, we drop optional packages
 * that do not fit together with everything that only they need, then what is omitted; what lies inside a dropped
 * package's folder goes with it.
 */
import { compareText } from '../base/index.ts'
import { type DependencyFlags, type FlaggedGraph, flaggedGraph } from './dependency-flags.ts'
import { type DependencyNode, isOptionalEdge } from './dependency-graph.ts'
import { fitsNode, fitsPlatform, type NpmTarget } from './fits-target.ts'
import type { LockedPackage, PackageLock } from './package-lock.ts'
import { workspaceClosure } from './workspace-closure.ts'

export type Omission = 'dev' | 'optional' | 'peer'

export interface Selection {
  target: NpmTarget
  omit?: readonly Omission[]
  /** names or folders of workspaces: only what these need; absent: the whole project */
  workspaces?: readonly string[]
  /** npm's configuration of that name: peer dependencies are nobody's business */
  legacyPeerDeps?: boolean
  /** what the package's own package.json says of `libc`, for entries that a lock lost it of; undefined: nothing */
  libcOf?: (locked: LockedPackage) => readonly string[] | undefined
}

/** The packages of one platform. Their flags are those that follow from the graph, whatever the lock said. */
export interface PackageSet {
  /** packages and links to put on disk, sorted by location */
  readonly packages: readonly LockedPackage[]
  /** packages that arrive inside another one's tarball, sorted by location: they have bins but no content of their own */
  readonly bundled: readonly LockedPackage[]
}

/** The packages that `npm ci` would put on disk for a platform. */
export function selectPackages(lock: PackageLock, selection: Selection): PackageSet {
  const flagged = flaggedGraph(lock, selection)
  const { graph, flagsOf } = flagged
  const unfit = unfitNodes(flagged, selection)
  const wanted = selection.workspaces && workspaceClosure(graph, lock, selection.workspaces)
  const projects = new Set(['', ...lock.workspaces])
  const dropped = (node: DependencyNode) =>
    unfit.has(node) ||
    (wanted !== undefined && !wanted.has(node)) ||
    (projects.has(topOf(node).location) && isOmitted(flagsOf(node), selection.omit ?? []))
  const kept = [...graph.nodes.values()].filter((node) => isInstalled(node) && !lineage(node).some(dropped))
  const packages = kept
    .map((node) => ({
      ...describe(node),
      ...flagsOf(node),
      direct: node.edgesIn.some(({ from }) => !from.parent),
    }))
    .sort((a, b) => compareText(a.location, b.location))
  return {
    packages: packages.filter((locked) => !comesInTarball(locked)),
    bundled: packages.filter(comesInTarball),
  }
}

/** A link is called as what it points at, and has its commands. */
function describe({ locked, target }: DependencyNode): LockedPackage {
  if (!target) return locked
  const { name, version, bin } = target.locked
  return { ...locked, name, ...(version === undefined ? {} : { version }), bin }
}

/** Only what lies in a `node_modules` of the project; those of linked folders outside are not npm's to write. */
function isInstalled(node: DependencyNode): boolean {
  return node.parent !== undefined && !node.location.startsWith('../')
}

/** npm fetches a package that ought to have been in a tarball and was not; its entry then says from where. */
function comesInTarball({ inBundle, resolved, integrity }: LockedPackage): boolean {
  return inBundle && resolved === undefined && integrity === undefined
}

function topOf(node: DependencyNode): DependencyNode {
  return node.parent ? topOf(node.parent) : node
}

/** A node and the packages in whose folders it lies. */
function lineage(node: DependencyNode): DependencyNode[] {
  return node.parent?.parent ? [node, ...lineage(node.parent)] : [node]
}

function isOmitted(flags: DependencyFlags, omit: readonly Omission[]): boolean {
  return (
    (flags.peer && omit.includes('peer')) ||
    (flags.dev && omit.includes('dev')) ||
    (flags.optional && omit.includes('optional')) ||
    (flags.devOptional && omit.includes('optional') && omit.includes('dev'))
  )
}

/** Optional packages that do not fit the target, each with all that goes with it. */
function unfitNodes(
  { graph, flagsOf }: FlaggedGraph,
  { target, libcOf }: Selection,
): ReadonlySet<DependencyNode> {
  const unfit = new Set<DependencyNode>()
  for (const node of graph.nodes.values()) {
    const { locked } = node.target ?? node
    if (!flagsOf(node).optional || unfit.has(node)) continue
    if (fitsNode(locked, target) && fitsPlatform(locked, target, locked.libc ?? libcOf?.(locked))) continue
    for (const gone of optionalSet(node, unfit)) unfit.add(gone)
  }
  return unfit
}

/**
 * What falls with an optional package: everything up to the optional edge that made it optional, and the dependencies of all
 * that which nothing else needs.
 */
function optionalSet(start: DependencyNode, unfit: ReadonlySet<DependencyNode>): ReadonlySet<DependencyNode> {
  const failed = new Set([start])
  for (const node of failed) {
    for (const edge of node.edgesIn) if (!isOptionalEdge(edge)) failed.add(edge.from)
  }
  const gone = new Set(failed)
  for (const node of gone) {
    for (const { to } of node.edgesOut) if (to && !failed.has(to) && !unfit.has(node)) gone.add(to)
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const node of gone) {
      const needed = !failed.has(node) && node.edgesIn.some(({ from }) => !gone.has(from) && !unfit.has(from))
      if (needed && gone.delete(node)) changed = true
    }
  }
  return gone
}
