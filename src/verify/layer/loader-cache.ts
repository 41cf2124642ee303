/**
 * `/etc/ld.so.cache`, where glibc's loader looks libraries up before its default folders (format: glibc's dl-cache.h). It is
 * written by `ldconfig` when the image is made: a library that was copied in afterwards is not in it.
 */

const magic = 'glibc-ld.so.cache1.1'
/** an older table of the same libraries may stand in front */
const oldMagic = 'ld.so-1.7.0\0'
const headerBytes = 48
const entryBytes = 24
const maxEntries = 100_000

/** Names and paths of the cached libraries; empty when the bytes are no such cache. */
export function readLoaderCache(bytes: Uint8Array): [name: string, path: string][] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = startOf(buffer)
  if (start === undefined || buffer.length < start + headerBytes) return []
  // Byte 28 tells the byte order since glibc 2.33: 2 is little-endian, 3 big-endian, 0 not said.
  const big = (buffer[start + 28] ?? 0) % 4 === 3
  const u32 = (at: number) => (big ? buffer.readUInt32BE(at) : buffer.readUInt32LE(at))
  const count = Math.min(u32(start + 20), maxEntries)
  const text = (at: number) => {
    const end = buffer.indexOf(0, start + at)
    return start + at < buffer.length && end > 0 ? buffer.toString('utf8', start + at, end) : ''
  }
  const libraries: [string, string][] = []
  for (let index = 0; index < count; index++) {
    const at = start + headerBytes + index * entryBytes
    if (at + entryBytes > buffer.length) break
    const [name, path] = [text(u32(at + 4)), text(u32(at + 8))]
    if (name !== '' && path.startsWith('/')) libraries.push([name, path])
  }
  return libraries
}

function startOf(buffer: Buffer): number | undefined {
  if (buffer.toString('latin1', 0, magic.length) === magic) return 0
  if (buffer.toString('latin1', 0, oldMagic.length) !== oldMagic) return undefined
  const found = buffer.indexOf(magic)
  return found < 0 ? undefined : found
}
