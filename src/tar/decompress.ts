import { type CancelOptions, InternalError } from '../base/index.ts'
import type { Compression } from './compress.ts'

export interface DecompressLimits {
  /** bytes that may come out */
  maxBytes: number
  /** bytes that may come out for each byte that went in, once 64 MiB have come out */
  maxRatio: number
}

export interface DecompressOptions extends CancelOptions {
  /** `auto` recognises gzip, zstd and xz by their first bytes and passes everything else through */
  compression: Compression | 'xz' | 'auto'
  limits?: Partial<DecompressLimits>
}

/**
 * Decompresses a stream of one or more gzip members, zstd frames or xz streams. Throws `TarError`: `TAR_TRUNCATED`,
 * `COMPRESSION_MALFORMED` (trailing bytes that are none of the format's included), `COMPRESSION_LIMIT`.
 */
export async function* decompress(
  stream: AsyncIterable<Uint8Array>,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  throw new InternalError(`decompress is being written ${typeof stream}${options.compression}`)
}
