/** Which files a layer's pass looks into, and what it makes of their bytes. */
import { type ByteRange, isElf, objectFormat } from '../../elf/index.ts'
import type { TarEntry } from '../../tar/index.ts'
import { type ElfReading, readElfFile } from './elf-file.ts'
import type { FileContent } from './layer-facts.ts'
import { readLoaderCache } from './loader-cache.ts'
import { readPackageManifest } from './package-manifest.ts'
import { peek } from './peek.ts'

/** Bytes from which everything else tells what it is. */
const headBytes = 1024
/** Of files that are read whole: configuration, package.json, the loader's cache. */
const maxTextBytes = 4 * 1024 * 1024
const packagePath = /(?:^|\/)package\.json$/

const textPaths =
  /^(?:etc\/(?:passwd|group|ld\.so\.conf|ld\.so\.conf\.d\/[^/]+\.conf)|(?:.*\/)?etc\/ld-musl-[^/]+\.path|(?:.*\/)?include\/node\/node_version\.h)$/

export interface ReadFile {
  content: FileContent
  /** ranges of an ELF file that would have to be kept to read the rest of it */
  missing: readonly ByteRange[]
}

/** What the file is; undefined for the many of which no rule asks. Reads no more of the body than it must. */
export async function readFile(entry: TarEntry, elf: ElfReading): Promise<ReadFile | undefined> {
  const { path, size } = entry
  const isText = textPaths.test(path)
  if (size < 4 && !isText) return undefined
  const isWhole = isText || path === 'etc/ld.so.cache' || packagePath.test(path)
  if (isWhole) return complete(await readWhole(entry))
  const peeked = await peek(entry.body, headBytes)
  if (isElf(peeked.head)) return readElfFile(entry, peeked, elf)
  return complete(contentOfHead(peeked.head))
}

function complete(content: FileContent | undefined): ReadFile | undefined {
  return content && { content, missing: [] }
}

async function readWhole(entry: TarEntry): Promise<FileContent | undefined> {
  const bytes = await readAll(entry, maxTextBytes)
  if (bytes === undefined) return undefined
  if (entry.path === 'etc/ld.so.cache') return { kind: 'loader-cache', libraries: readLoaderCache(bytes) }
  const text = new TextDecoder().decode(bytes)
  if (!packagePath.test(entry.path)) return { kind: 'text', text }
  const manifest = readPackageManifest(text)
  return manifest && { kind: 'package', manifest }
}

function contentOfHead(head: Uint8Array): FileContent | undefined {
  if (head[0] === 0x23 && head[1] === 0x21) return { kind: 'script', line: firstLine(head) }
  const object = objectFormat(head)
  if (object === undefined || object.format === 'elf' || object.format === 'wasm') return undefined
  return { kind: 'object', format: object.format, architectures: object.architectures }
}

/** Linux reads 255 bytes of the line; a carriage return in it is part of the interpreter's name, and kept. */
function firstLine(head: Uint8Array): string {
  const end = head.indexOf(0x0a)
  return new TextDecoder().decode(head.subarray(2, Math.min(end < 0 ? head.length : end, 256)))
}

async function readAll(entry: TarEntry, limit: number): Promise<Uint8Array | undefined> {
  if (entry.size > limit) return undefined
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
