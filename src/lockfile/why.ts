import {
  type DependencyEdge,
  dependencyGraph,
  type DependencyNode,
  type DependencyType,
} from './dependency-graph.ts'
import type { LockedPackage, PackageLock } from './package-lock.ts'

/** One step of a dependency path. */
export interface Dependency {
  location: string
  /** `express@4.21.0`, or the project's own name for the root */
  package: string
  /** how the step before asks for it; absent for the root */
  type?: DependencyType
  /** what the step before asks for: `^4.0.0` */
  spec?: string
}

/** The shortest dependency path from the root to a location; empty when nothing needs it. */
export function why(lock: PackageLock, location: string): Dependency[] {
  const { root, nodes } = dependencyGraph(lock, {})
  const wanted = nodes.get(location)
  const arrivals = new Map<DependencyNode, DependencyEdge | undefined>([[root, undefined]])
  for (const node of arrivals.keys()) {
    if (node === wanted || (wanted && node.target === wanted)) return pathTo(node, arrivals)
    for (const edge of (node.target ?? node).edgesOut) {
      if (edge.to && !arrivals.has(edge.to)) arrivals.set(edge.to, edge)
    }
  }
  return []
}

function pathTo(
  node: DependencyNode,
  arrivals: ReadonlyMap<DependencyNode, DependencyEdge | undefined>,
): Dependency[] {
  const edge = arrivals.get(node)
  if (!edge) return [{ location: '', package: node.locked.name }]
  const from = [...arrivals.keys()].find((other) => (other.target ?? other) === edge.from) ?? edge.from
  const { type, spec } = edge
  const described = (node.target ?? node).locked
  return [
    ...pathTo(from, arrivals),
    { location: node.location, package: nameAndVersion(described), type, spec },
  ]
}

/** `name@version`, or the name alone of a package without version. */
export function nameAndVersion({ name, version }: Pick<LockedPackage, 'name' | 'version'>): string {
  return version === undefined ? name : `${name}@${version}`
}
