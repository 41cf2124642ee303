import type { CancelOptions } from '../../base/index.ts'
import { throwIfAborted } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'
import type { Compression } from './compress.ts'
import { gunzip } from './gunzip.ts'

export interface DecompressLimits {
  /** bytes that may come out; default 64 GiB */
  maxBytes: number
  /** bytes that may come out for each byte that went in, once 64 MiB have come out; default 250 */
  maxRatio: number
}

const defaultLimits: DecompressLimits = { maxBytes: 64 * 2 ** 30, maxRatio: 250 }
const ratioFloor = 64 * 2 ** 20

export type Decompression = Compression | 'xz'

export interface DecompressOptions extends CancelOptions {
  /** `auto` recognises gzip, zstd and xz by their first bytes and passes everything else through */
  compression: Decompression | 'auto'
  limits?: Partial<DecompressLimits>
  /** what the stream is called in messages */
  name?: string
}

/**
 * Decompresses a stream of one or more gzip members, zstd frames or xz streams. When the consumer stops early, the input is
 * closed and the decoder's memory freed.
 *
 * Throws `TarError`: `TAR_TRUNCATED`, `COMPRESSION_MALFORMED` (bytes behind the compressed data included),
 * `COMPRESSION_UNSUPPORTED`, `COMPRESSION_LIMIT`.
 */
export async function* decompress(
  stream: AsyncIterable<Uint8Array>,
  { compression, limits, name = 'the stream', signal }: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  const input = new CountedInput(stream, signal)
  const bounds = { ...defaultLimits, ...limits }
  const exceeded = (what: string) =>
    new TarError('COMPRESSION_LIMIT', `${name} expands to ${what}`, {
      kind: 'environment',
      details: { ...bounds },
    })
  let size = 0
  try {
    const format = compression === 'auto' ? recognise(await input.peek(magicLength)) : compression
    for await (const chunk of await decoded(format, input, name)) {
      size += chunk.length
      if (size > bounds.maxBytes) throw exceeded(`more than ${bounds.maxBytes} bytes`)
      if (size > ratioFloor && size > bounds.maxRatio * input.taken) {
        throw exceeded(`more than ${bounds.maxRatio} times its size`)
      }
      yield chunk
    }
  } finally {
    await input.close()
  }
}

async function decoded(
  format: Decompression,
  input: CountedInput,
  name: string,
): Promise<AsyncIterable<Uint8Array>> {
  if (format === 'none') return input.rest()
  if (format === 'gzip') return gunzip(input.rest(), name)
  // Both are WebAssembly, which most runs never need.
  if (format === 'zstd') return (await import('./unzstd.ts')).unzstd(input.rest(), name)
  return (await import('./unxz.ts')).unxz(input.rest(), name)
}

const magicLength = 6

/** RFC 1952, 2.3.1; RFC 8878, 3.1 (skippable frames may come first); xz file format, 2.1.1.1. */
function recognise(head: Uint8Array): Decompression {
  const hex = Buffer.from(head).toString('hex')
  if (hex.startsWith('1f8b')) return 'gzip'
  if (hex.startsWith('28b52ffd') || /^5.2a4d18/.test(hex)) return 'zstd'
  return hex.startsWith('fd377a585a00') ? 'xz' : 'none'
}

/** The compressed stream: its first bytes can be looked at, and what was taken of it is counted. */
class CountedInput {
  /** bytes that arrived so far */
  taken = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal
  #ahead: Uint8Array[] = []

  constructor(stream: AsyncIterable<Uint8Array>, signal: AbortSignal) {
    this.#chunks = stream[Symbol.asyncIterator]()
    this.#signal = signal
  }

  /** The first `length` bytes, or fewer when there are no more; they stay in the stream. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.taken < length) {
      const chunk = await this.#next()
      if (!chunk) break
      this.#ahead.push(chunk)
    }
    return Buffer.concat(this.#ahead).subarray(0, length)
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    yield* this.#ahead.splice(0)
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) yield chunk
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  async #next(): Promise<Uint8Array | undefined> {
    throwIfAborted(this.#signal)
    const { done, value } = await this.#chunks.next()
    if (done) return undefined
    this.taken += value.length
    return value
  }
}
