import type { DependencyGraph, DependencyNode } from './dependency-graph.ts'
import { LockfileError } from './lockfile-error.ts'
import type { PackageLock } from './package-lock.ts'

/**
 * The nodes that the named workspaces need, links to these workspaces themselves included, as `npm ci --workspace=…`
 * installs them. Throws `LockfileError` `LOCKFILE_OUT_OF_STEP` for a workspace that the lock does not have.
 */
export function workspaceClosure(
  graph: DependencyGraph,
  lock: PackageLock,
  wanted: readonly string[],
): ReadonlySet<DependencyNode> {
  const folders = new Set(wanted.map((name) => folderOf(lock, name)))
  const closure = new Set<DependencyNode>()
  for (const node of graph.nodes.values()) {
    if (node.target && folders.has(node.target.location)) closure.add(node)
  }
  for (const node of closure) {
    if (node.target) closure.add(node.target)
    for (const { to } of node.edgesOut) if (to) closure.add(to)
  }
  return closure
}

function folderOf(lock: PackageLock, wanted: string): string {
  const folder = lock.workspaces.find((path) => path === wanted || lock.packages.get(path)?.name === wanted)
  if (folder !== undefined) return folder
  throw new LockfileError('LOCKFILE_OUT_OF_STEP', `${lock.file} has no workspace ${wanted}`, {
    kind: 'usage',
    hint: 'run `npm install` and commit the lockfile',
    details: { file: lock.file, workspaces: [...lock.workspaces] },
  })
}
