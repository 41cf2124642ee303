/** ELF files of a layer, read from their stream within a window. */
import { type ByteRange, ElfWindow, readElf, wholeFileBytes } from '../../elf/index.ts'
import type { TarEntry } from '../../tar/index.ts'
import type { FileContent } from './layer-facts.ts'
import { MarkerSearch } from './marker-search.ts'
import type { Peeked } from './peek.ts'

/**
 * Memory for one file's window after another. To allocate it anew for each would cost more than to read the file, and to let it
 * grow would leave the smaller ones behind; what no file has reached yet costs nothing.
 */
export class WindowMemory {
  #bytes: Uint8Array | undefined

  /** What was handed out before is overwritten. */
  get(): Uint8Array {
    this.#bytes ??= Buffer.allocUnsafeSlow(wholeFileBytes)
    return this.#bytes
  }
}

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

export interface ElfReading {
  /** ranges that an earlier pass found missing */
  extra: readonly ByteRange[]
  memory: WindowMemory
}

/** Reads the file to its end. */
export async function readElfFile(
  { path, size }: TarEntry,
  { head, rest }: Peeked,
  { extra, memory }: ElfReading,
): Promise<ElfFile | undefined> {
  const window = new ElfWindow(size, extra, memory.get())
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
