/** Trees as comparable values: one line for each path. */
import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { LayerEntry } from '../../src/tar/index.ts'

/** Path → `type mode content`, where content is a hash or a link's target. */
export type Tree = Map<string, string>

/** Everything below the `node_modules` folders of a project on disk, but for npm's own note of what it did. */
export async function treeOnDisk(folder: string): Promise<Tree> {
  const tree: Tree = new Map()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name))
    if (!isInNodeModules(path) || path === 'node_modules/.package-lock.json') continue
    tree.set(path, await describe(join(folder, path)))
  }
  return tree
}

function isInNodeModules(path: string): boolean {
  return path.split('/').includes('node_modules')
}

async function describe(path: string): Promise<string> {
  const { mode, isFile, isSymbolicLink } = await lstat(path).then((facts) => ({
    mode: (facts.mode & 0o7777).toString(8),
    isFile: facts.isFile(),
    isSymbolicLink: facts.isSymbolicLink(),
  }))
  if (isSymbolicLink) return `link ${await readlink(path)}`
  return isFile ? `file ${mode} ${hash(await readFile(path))}` : `directory ${mode}`
}

/** The same of layer entries; an entry that comes twice is the later one. */
export async function treeOfEntries(entries: AsyncIterable<LayerEntry>, signal: AbortSignal): Promise<Tree> {
  const tree: Tree = new Map()
  for await (const { path, type, mode, linkPath, content, size } of entries) {
    if (!isInNodeModules(path)) continue
    if (type === 'symlink') tree.set(path, `link ${linkPath}`)
    else if (type === 'directory') tree.set(path, `directory ${mode.toString(8)}`)
    else tree.set(path, `file ${mode.toString(8)} ${hash(await bytes(content, size, signal))}`)
  }
  return tree
}

async function bytes(content: LayerEntry['content'], size: number, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  if (content) for await (const chunk of content({ signal })) chunks.push(chunk)
  const whole = Buffer.concat(chunks)
  if (whole.byteLength !== size) throw new RangeError(`${whole.byteLength} bytes instead of ${size}`)
  return whole
}

function hash(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('base64')
}

/** What differs: `- path what` for what only the first tree has, `+` for the second. */
export function differences(expected: Tree, actual: Tree): string[] {
  const lines: string[] = []
  for (const [path, what] of expected) if (actual.get(path) !== what) lines.push(`- ${path} ${what}`)
  for (const [path, what] of actual) if (expected.get(path) !== what) lines.push(`+ ${path} ${what}`)
  return lines.sort((a, b) => (a.slice(2) < b.slice(2) ? -1 : 1))
}
