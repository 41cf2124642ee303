/** Folders as values, to be compared. */
import { createHash } from 'node:crypto'
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Path below the folder → one line: type, permissions, owner, and content or target. */
export async function fileTree(folder: string): Promise<Map<string, string>> {
  const lines = new Map<string, string>()
  const visit = async (path: string): Promise<void> => {
    const at = join(folder, path)
    const info = await lstat(at)
    const owner = `${info.uid}:${info.gid}`
    const mode = (info.mode & 0o7777).toString(8)
    if (info.isSymbolicLink()) lines.set(path, `link ${owner} ${await readlink(at)}`)
    else if (info.isFile()) lines.set(path, `file ${mode} ${owner} ${hashOf(await readFile(at))}`)
    else lines.set(path, `${info.isDirectory() ? 'folder' : 'special'} ${mode} ${owner}`)
    if (!info.isDirectory()) return
    for (const name of (await readdir(at)).sort()) await visit(path === '' ? name : `${path}/${name}`)
  }
  await visit('')
  lines.delete('')
  return lines
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}

/** Paths of both whose lines differ, and those of the first that the second lacks: `path: one | other`. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...one]
    .filter(([path, line]) => other.get(path) !== line)
    .map(([path, line]) => `${path}: ${line} | ${other.get(path) ?? 'absent'}`)
}
