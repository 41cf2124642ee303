/**
 * The tree of a lock as a graph: who asks for whom, resolved as Node resolves (the nearest `node_modules` upwards), with
 * npm's rules for which field of package.json wins when a name is in several.
 */
import { dirname } from 'node:path/posix'
import type { LockedPackage, PackageLock } from './package-lock.ts'

export type DependencyType = 'prod' | 'dev' | 'optional' | 'peer' | 'peerOptional' | 'workspace'

export interface DependencyEdge {
  readonly from: DependencyNode
  /** undefined when the lock has no entry for it */
  readonly to: DependencyNode | undefined
  readonly name: string
  readonly spec: string
  readonly type: DependencyType
}

export interface DependencyNode {
  readonly locked: LockedPackage
  readonly location: string
  /** the package in whose `node_modules` this one lies; undefined for the root, workspaces and linked folders */
  readonly parent: DependencyNode | undefined
  /** where the search for a dependency goes on upwards */
  readonly enclosing: DependencyNode | undefined
  /** what a link points at */
  readonly target: DependencyNode | undefined
  readonly edgesOut: DependencyEdge[]
  readonly edgesIn: DependencyEdge[]
}

export interface DependencyGraph {
  readonly root: DependencyNode
  /** by location, in npm's order: the root, packages as the lock lists them, then links */
  readonly nodes: ReadonlyMap<string, DependencyNode>
}

export interface GraphOptions {
  legacyPeerDeps?: boolean
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Whether an edge may stay without a package. */
export function isOptionalEdge(edge: DependencyEdge): boolean {
  return edge.type === 'optional' || edge.type === 'peerOptional'
}

export function isPeerEdge(edge: DependencyEdge): boolean {
  return edge.type === 'peer' || edge.type === 'peerOptional'
}

/** Builds the graph of a lock. */
export function dependencyGraph(lock: PackageLock, options: GraphOptions): DependencyGraph {
  const all = [...lock.packages.values()]
  const ordered = [lock.root, ...all.filter((locked) => !locked.link), ...all.filter((locked) => locked.link)]
  const nodes = new Map<string, Mutable<DependencyNode>>()
  for (const locked of ordered) {
    nodes.set(locked.location, {
      locked,
      location: locked.location,
      parent: undefined,
      enclosing: undefined,
      target: undefined,
      edgesOut: [],
      edgesIn: [],
    })
  }
  for (const node of nodes.values()) {
    const parent = parentLocation(node.location)
    node.parent = parent === undefined ? undefined : nodes.get(parent)
    node.enclosing = node.parent ?? enclosingFolder(node.location, nodes)
    node.target = node.locked.target === undefined ? undefined : nodes.get(node.locked.target)
  }
  for (const node of nodes.values()) connect(node, lock, nodes, options)
  return { root: nodes.get('') as DependencyNode, nodes }
}

/** The location of the package in whose `node_modules` a location lies; undefined outside any. */
function parentLocation(location: string): string | undefined {
  const match = /^(?:(.*)\/)?node_modules\/(?:@[^/]+\/)?[^/]+$/.exec(location)
  return match ? (match[1] ?? '') : undefined
}

function enclosingFolder<N>(location: string, nodes: ReadonlyMap<string, N>): N | undefined {
  if (location === '' || location.startsWith('../') || location === '..') return undefined
  for (let folder = dirname(location); folder !== '.'; folder = dirname(folder)) {
    const node = nodes.get(folder)
    if (node) return node
  }
  return nodes.get('')
}

function connect(
  node: DependencyNode,
  lock: PackageLock,
  nodes: ReadonlyMap<string, DependencyNode>,
  options: GraphOptions,
): void {
  if (node.locked.link) return
  for (const [name, { spec, type }] of requirements(node, lock, options)) {
    const to = resolve(node, name, nodes)
    const edge: DependencyEdge = { from: node, to, name, spec, type }
    node.edgesOut.push(edge)
    to?.edgesIn.push(edge)
  }
}

/** What a package asks for, by name. Later fields win; only a workspace of that name keeps its place. */
function requirements(
  { locked, parent }: DependencyNode,
  lock: PackageLock,
  { legacyPeerDeps }: GraphOptions,
): Map<string, { spec: string; type: DependencyType }> {
  const wanted = new Map<string, { spec: string; type: DependencyType }>()
  const add = (specs: Readonly<Record<string, string>>, typeOf: (name: string) => DependencyType) => {
    for (const [name, spec] of Object.entries(specs)) {
      if (wanted.get(name)?.type === 'workspace') continue
      wanted.delete(name)
      wanted.set(name, { spec, type: typeOf(name) })
    }
  }
  if (locked.location === '') add(workspaceSpecs(lock), () => 'workspace')
  if (!legacyPeerDeps) {
    add(locked.peerDependencies, (name) => (locked.optionalPeers.has(name) ? 'peerOptional' : 'peer'))
  }
  add(locked.dependencies, () => 'prod')
  add(locked.optionalDependencies, () => 'optional')
  if (parent === undefined) add(locked.devDependencies, () => 'dev')
  return wanted
}

function workspaceSpecs(lock: PackageLock): Record<string, string> {
  return Object.fromEntries(
    lock.workspaces.map((folder) => [lock.packages.get(folder)?.name ?? folder, `file:${folder}`]),
  )
}

function resolve(
  from: DependencyNode,
  name: string,
  nodes: ReadonlyMap<string, DependencyNode>,
): DependencyNode | undefined {
  for (let at: DependencyNode | undefined = from; at !== undefined; at = at.enclosing) {
    const found = nodes.get(
      at.location === '' ? `node_modules/${name}` : `${at.location}/node_modules/${name}`,
    )
    if (found) return found
  }
  return undefined
}
