/** Digests of one archive and of its compressed forms, to be made by several Node versions. */
import { createHash } from 'node:crypto'
import { compress, decompress, type LayerEntry, writeTar } from '../../src/tar/index.ts'

const { signal } = new AbortController()

/** Files of text, of noise and of one byte, 5 MB together. */
function* entries(): Generator<LayerEntry> {
  const attributes = { type: 'file' as const, mode: 0o644, uid: 0, gid: 0, mtime: 0 }
  for (let i = 0; i < 24; i++) {
    const bytes = i % 3 === 0 ? noise(100_000, i) : i % 3 === 1 ? text(500_000, i) : Buffer.alloc(5000, i)
    const content = async function* () {
      yield bytes
    }
    yield { ...attributes, path: `größe/${'x'.repeat(i * 3)}${i}`, size: bytes.length, content }
  }
}

function noise(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size)
  let state = seed + 1
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

function text(size: number, seed: number): Buffer {
  const words = Array.from(
    noise(size / 4, seed),
    (byte) => `${['if', 'return', 'const', '('][byte & 3]} ${byte >> 2}\n`,
  )
  return Buffer.from(words.join('')).subarray(0, size)
}

async function sha256(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

/** JSON: a name for each form, with its SHA-256. */
export async function printedDigests(): Promise<string> {
  const digests: Record<string, string> = { tar: await sha256(writeTar(entries(), { signal })) }
  for (const [compression, level] of [
    ['gzip', 1],
    ['gzip', 6],
    ['gzip', 9],
    ['zstd', 3],
  ] as const) {
    const stream = compress(writeTar(entries(), { signal }), { compression, level, signal })
    digests[`${compression} ${level}`] = await sha256(stream)
  }
  const compressed = compress(writeTar(entries(), { signal }), { compression: 'zstd', signal })
  digests.restored = await sha256(decompress(compressed, { compression: 'auto', signal }))
  return JSON.stringify(digests)
}
