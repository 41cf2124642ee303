/** Files and what an archive keeps of them, so that a folder and an archive can be compared. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { decodeName, encodeName, readTar } from '../../src/tar/index.ts'

export interface FileFacts {
  type: string
  mode: number
  owner: string
  mtime: number
  /** a file's or hard link's content, as SHA-256 */
  content?: string
  target?: string
  device?: string
}

/** By path, in this project's encoding of names. */
export type FileTree = Record<string, FileFacts>

/** The files below a folder. Hard links are files of the same content. */
export function treeOfFolder(folder: string): FileTree {
  const tree: FileTree = {}
  const walk = (directory: Buffer, prefix: string) => {
    for (const name of readdirSync(directory, 'buffer').sort(Buffer.compare)) {
      const file = Buffer.concat([directory, Buffer.from('/'), name])
      const path = prefix + decodeName(name)
      tree[path] = factsOfFile(file)
      if (tree[path].type === 'directory') walk(file, `${path}/`)
    }
  }
  walk(Buffer.from(folder), '')
  return tree
}

/** The files of an archive; what it says of its root is left out. */
export async function treeOfArchive(stream: AsyncIterable<Uint8Array>): Promise<FileTree> {
  const { signal } = new AbortController()
  const tree: FileTree = {}
  for await (const { body, ...entry } of readTar(stream, { signal, paths: 'strict' })) {
    const hash = createHash('sha256')
    for await (const chunk of body) hash.update(chunk)
    if (entry.path === '') continue
    if (entry.type === 'hardlink') tree[entry.path] = { ...(tree[entry.linkPath ?? ''] as FileFacts) }
    else
      tree[entry.path] = {
        type: entry.type,
        mode: entry.type === 'symlink' ? 0o777 : entry.mode,
        owner: `${entry.uid}:${entry.gid}`,
        mtime: Math.floor(entry.mtime),
        ...(entry.type === 'file' && { content: hash.digest('hex') }),
        ...(entry.type === 'symlink' && { target: entry.linkPath }),
        ...(entry.devmajor !== undefined && { device: `${entry.devmajor}:${entry.devminor}` }),
      }
  }
  return tree
}

function factsOfFile(file: Buffer): FileFacts {
  const stat = lstatSync(file)
  const type = stat.isDirectory()
    ? 'directory'
    : stat.isSymbolicLink()
      ? 'symlink'
      : stat.isFIFO()
        ? 'fifo'
        : stat.isCharacterDevice()
          ? 'character-device'
          : 'file'
  return {
    type,
    mode: stat.mode & 0o7777,
    owner: `${stat.uid}:${stat.gid}`,
    mtime: Math.floor(stat.mtimeMs / 1000),
    ...(type === 'file' && { content: createHash('sha256').update(readFileSync(file)).digest('hex') }),
    ...(type === 'symlink' && { target: decodeName(readlinkSync(file, 'buffer')) }),
    ...(type === 'character-device' && { device: `${stat.rdev >> 8}:${stat.rdev & 0xff}` }),
  }
}

/** The file of a folder that has this path. */
export function fileIn(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), encodeName(path)])
}
