import { availableParallelism } from 'node:os'
import type { CancelOptions } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'
import { type BlockCompressionOptions, gzip } from './gzip.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

/** The levels of each format, and the one that is used when none is asked for (measured: README.md). */
export const compressionLevels = {
  gzip: { min: 1, max: 9, default: 4 },
  zstd: { min: 1, max: 19, default: 3 },
} as const

/** libuv's thread pool, where gzip runs, has 4 threads unless it is told otherwise. */
const defaultConcurrency = Math.min(availableParallelism(), 4)

export interface CompressOptions extends CancelOptions {
  compression: Compression
  level?: number
  /** blocks compressed at a time; default: the processors that this process may use, at most 4 */
  concurrency?: number
}

/**
 * Compresses a stream. The bytes depend on the input, the compression and the level alone, not on the host, the Node version
 * or the sizes of the chunks. Memory is bounded: about 2 MiB for each block of gzip that is under way, 40 MiB of zstd.
 *
 * Throws `TarError` `COMPRESSION_LEVEL`.
 */
export async function* compress(
  stream: AsyncIterable<Uint8Array>,
  { compression, level, concurrency = defaultConcurrency, signal }: CompressOptions,
): AsyncGenerator<Uint8Array> {
  if (compression === 'none') yield* stream
  else yield* encoded(stream, compression, { level: checkedLevel(compression, level), concurrency, signal })
}

async function* encoded(
  stream: AsyncIterable<Uint8Array>,
  compression: 'gzip' | 'zstd',
  options: BlockCompressionOptions,
): AsyncGenerator<Uint8Array> {
  // The zstd encoder brings worker threads, which most runs never need.
  const encode = compression === 'gzip' ? gzip : (await import('./zstd.ts')).zstd
  yield* encode(stream, options)
}

function checkedLevel(compression: 'gzip' | 'zstd', level: number | undefined): number {
  const { min, max, default: usual } = compressionLevels[compression]
  if (level === undefined) return usual
  if (Number.isInteger(level) && level >= min && level <= max) return level
  throw new TarError('COMPRESSION_LEVEL', `${compression} has no level ${level}`, {
    kind: 'usage',
    hint: `levels go from ${min} to ${max}`,
  })
}
