/**
 * The flags `dev`, `optional`, `devOptional`, `peer` and `extraneous` of every package, derived from the graph. npm derives
 * them anew on every `npm ci`; what the lock says of them is only a record.
 *
 * All flags begin as true and are taken away along the edges from the root until nothing changes any more: what stays `dev`
 * is reached through development edges only, and so on.
 */
import {
  type DependencyEdge,
  type DependencyGraph,
  dependencyGraph,
  type DependencyNode,
  type GraphOptions,
  isOptionalEdge,
  isPeerEdge,
} from './dependency-graph.ts'
import type { PackageLock } from './package-lock.ts'

export interface DependencyFlags {
  dev: boolean
  optional: boolean
  /** reached by development and by optional edges, on different paths: left out only when both are */
  devOptional: boolean
  peer: boolean
  extraneous: boolean
}

/** A graph without what nothing needs, and the flags of its nodes. */
export interface FlaggedGraph {
  readonly graph: DependencyGraph
  readonly flagsOf: (node: DependencyNode) => Readonly<DependencyFlags>
}

/** The graph of a lock. Extraneous packages are pruned first, as npm does, and no longer hide or need any other. */
export function flaggedGraph(lock: PackageLock, options: GraphOptions): FlaggedGraph {
  const whole = dependencyGraph(lock, options)
  const flags = dependencyFlags(whole)
  const extraneous = [...whole.nodes.values()].filter((node) => node.parent && flags.get(node)?.extraneous)
  if (extraneous.length === 0) return withFlags(whole, flags)
  const packages = new Map(lock.packages)
  for (const node of extraneous) packages.delete(node.location)
  const graph = dependencyGraph({ ...lock, packages }, options)
  return withFlags(graph, dependencyFlags(graph))
}

function withFlags(
  graph: DependencyGraph,
  flags: ReadonlyMap<DependencyNode, Readonly<DependencyFlags>>,
): FlaggedGraph {
  return { graph, flagsOf: (node) => flags.get(node) as DependencyFlags }
}

function dependencyFlags(graph: DependencyGraph): ReadonlyMap<DependencyNode, Readonly<DependencyFlags>> {
  const flags = new Map<DependencyNode, DependencyFlags>()
  for (const node of graph.nodes.values()) flags.set(node, everyFlag(node !== graph.root))
  const flagsOf = (node: DependencyNode) => flags.get(node) as DependencyFlags
  const seen = new Set<DependencyNode>()
  const queue = [graph.root]
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    seen.add(node)
    const own = flagsOf(node)
    if (!own.extraneous) keepEnclosing(node, flagsOf)
    if (node.target) {
      if (takeLinked(flagsOf(node.target), own) || !seen.has(node.target)) queue.push(node.target)
      continue
    }
    for (const edge of node.edgesOut) {
      if (edge.to && takeAlong(flagsOf(edge.to), own, edge)) queue.push(edge.to)
    }
  }
  for (const own of flags.values()) if (own.dev || own.optional) own.devOptional = false
  return flags
}

function everyFlag(value: boolean): DependencyFlags {
  return { dev: value, optional: value, devOptional: value, peer: value, extraneous: value }
}

function keepEnclosing(node: DependencyNode, flagsOf: (node: DependencyNode) => DependencyFlags): void {
  for (let at = node.enclosing; at !== undefined && flagsOf(at).extraneous; at = at.enclosing) {
    flagsOf(at).extraneous = false
  }
}

function takeLinked(target: DependencyFlags, link: DependencyFlags): boolean {
  let changed = false
  for (const flag of ['dev', 'optional', 'devOptional', 'peer', 'extraneous'] as const) {
    if (target[flag] && !link[flag]) {
      target[flag] = false
      changed = true
    }
  }
  return changed
}

function takeAlong(to: DependencyFlags, from: DependencyFlags, edge: DependencyEdge): boolean {
  const dev = edge.type === 'dev'
  const optional = isOptionalEdge(edge)
  const peer = isPeerEdge(edge)
  const kept: DependencyFlags = {
    extraneous: from.extraneous || (peer && optional),
    dev: from.dev || dev,
    optional: from.optional || optional,
    devOptional: from.devOptional || from.dev || from.optional || dev || optional,
    peer: from.peer || peer,
  }
  let changed = false
  for (const flag of ['dev', 'optional', 'devOptional', 'peer', 'extraneous'] as const) {
    if (to[flag] && !kept[flag]) {
      to[flag] = false
      changed = true
    }
  }
  return changed
}
