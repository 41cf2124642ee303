import { type CancelOptions, InternalError } from '../base/index.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

export interface CompressOptions extends CancelOptions {
  compression: Compression
  /** gzip 1…9, zstd 1…19; each has a measured default */
  level?: number
  /** blocks compressed at a time; default: the processors that this process may use */
  concurrency?: number
}

/** Compresses a stream. The bytes depend on the input, the compression and the level alone. Memory is bounded. */
export async function* compress(
  stream: AsyncIterable<Uint8Array>,
  options: CompressOptions,
): AsyncGenerator<Uint8Array> {
  throw new InternalError(`compress is being written ${typeof stream}${options.compression}`)
}
