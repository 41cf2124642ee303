/** ELF files of a layer, read from their stream within a window. */
import { type ByteRange, ElfWindow, readElf } from '../../elf/index.ts'
import type { TarEntry } from '../../tar/index.ts'
import type { FileContent } from './layer-facts.ts'
import { MarkerSearch } from './marker-search.ts'
import type { Peeked } from './peek.ts'

/** Ranges that a first pass did not keep, by the member's position; the layer is read again with them. */
export type MissingRanges = Map<number, ByteRange[]>

/** A sparse file can claim any size; no real program is larger. */
const maxReadBytes = 2 ** 31
const loaderName = /(?:^|\/)ld(?:-linux[^/]*|64|-2\.\d+)?\.so(?:\.\d+)?$/
/** The inspector's name of itself, `node.js/v22.12.0`, is in every build of Node. */
const versionMarker = 'node.js/v'
const nodeName = /(?:^|\/)(?:node|nodejs|libnode\.so[^/]*)$/

export interface ElfFile {
  content: Extract<FileContent, { kind: 'elf' }>
  missing: ByteRange[]
}

/** Reads the file to its end. `extra` are ranges that an earlier pass found missing. */
export async function readElfFile(
  { path, size }: TarEntry,
  { head, rest }: Peeked,
  extra: readonly ByteRange[] = [],
): Promise<ElfFile | undefined> {
  const window = new ElfWindow(size, extra)
  const marker = nodeName.test(path) ? new MarkerSearch(versionMarker, 16) : undefined
  window.add(head)
  marker?.add(head)
  let read = head.byteLength
  for (let next = await rest.next(); !next.done && read < maxReadBytes; next = await rest.next()) {
    window.add(next.value)
    marker?.add(next.value)
    read += next.value.byteLength
  }
  const reading = readElf(window)
  if (reading === undefined) return undefined
  const loaderFolders = loaderName.test(path)
    ? readLoaderFolders(window.read(0, Math.min(size, 4_000_000)))
    : []
  const nodeVersion = /^\d+\.\d+\.\d+/.exec(marker?.found ?? '')?.[0]
  const content: ElfFile['content'] = {
    kind: 'elf',
    elf: reading.elf,
    ...(loaderFolders.length > 0 ? { loaderFolders } : {}),
    ...(nodeVersion ? { nodeVersion } : {}),
  }
  return { content, missing: reading.missing }
}

/**
 * The folders that glibc's loader searches without being told: compiled into it, one behind the other (dl-load.c,
 * `system_dirs`). Distributions differ: Debian's are `/lib/x86_64-linux-gnu/`, `/usr/lib/x86_64-linux-gnu/`, `/lib/`, `/usr/lib/`.
 */
function readLoaderFolders(bytes: Uint8Array | undefined): string[] {
  if (bytes === undefined) return []
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const list = /(?:\/(?:usr\/)?lib[\w/.-]*\/\0){2,}/.exec(text)?.[0] ?? ''
  return list
    .split('\0')
    .filter((folder) => folder !== '')
    .map((folder) => folder.replace(/\/$/, ''))
}
