/** What node_modules looks like before and after the project's scripts ran, told by file stamps: nothing is read. */
import { lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { TreeEntry } from '../../../project/index.ts'

/** Caches of build tools inside node_modules: neither part of the image nor of what the next build starts from. */
const toolCaches = new Set(['.cache', '.vite', '.vite-temp', '.package-lock.json'])

/** Every file and link of the node_modules folders below `roots` (`''` and workspaces), paths relative to `folder`. */
export function dependencySnapshot(folder: string, roots: readonly string[]): TreeEntry[] {
  const entries: TreeEntry[] = []
  for (const root of roots) scan(join(folder, root), root === '' ? '' : `${root}/`, 'node_modules', entries)
  return entries
}

function scan(parent: string, prefix: string, name: string, entries: TreeEntry[]): void {
  // Synchronous on purpose: ten thousand small calls cost a fraction of what ten thousand promises do.
  const folder = join(parent, name)
  let children: { name: string; isDirectory(): boolean; isSymbolicLink(): boolean; isFile(): boolean }[]
  try {
    children = readdirSync(folder, { withFileTypes: true })
  } catch {
    return
  }
  const path = `${prefix}${name}`
  for (const child of children) {
    if (name === 'node_modules' && toolCaches.has(child.name)) continue
    const childPath = `${path}/${child.name}`
    if (child.isDirectory()) scan(folder, `${path}/`, child.name, entries)
    else if (child.isSymbolicLink()) {
      entries.push({
        path: childPath,
        type: 'symlink',
        executable: false,
        identity: readlinkSync(join(folder, child.name)),
      })
    } else if (child.isFile()) {
      const stats = lstatSync(join(folder, child.name), { bigint: true })
      const executable = (stats.mode & 0o100n) !== 0n
      entries.push({
        path: childPath,
        type: 'file',
        executable,
        identity: `${stats.ino}:${stats.size}:${stats.mtimeNs}`,
      })
    }
  }
}
