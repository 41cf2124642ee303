/** Entries that are made here rather than unpacked; they get their time when they are written. */
import { fromBytes } from '../../base/index.ts'
import type { LayerEntry } from '../../tar/index.ts'

export type DraftEntry = Omit<LayerEntry, 'mtime'>

interface Ownership {
  mode?: number
  uid?: number
  gid?: number
}

export function directory(path: string, { mode = 0o755, uid = 0, gid = 0 }: Ownership = {}): DraftEntry {
  return { path, type: 'directory', mode, uid, gid, size: 0 }
}

export function symlink(path: string, linkPath: string): DraftEntry {
  return { path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, size: 0, linkPath }
}

export function textFile(
  path: string,
  content: string | Uint8Array,
  { mode = 0o644, uid = 0, gid = 0 }: Ownership = {},
): DraftEntry {
  const bytes = Buffer.from(content as string)
  return { path, type: 'file', mode, uid, gid, size: bytes.byteLength, content: fromBytes(bytes) }
}
