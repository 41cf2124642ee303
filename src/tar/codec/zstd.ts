/**
 * Parallel zstd: blocks of 4 MiB, each compressed by a worker thread into a frame of its own; frames put one behind the other
 * are one zstd stream (RFC 8878, 3). The encoder is a pinned WebAssembly build of libzstd, not node:zlib's, which Node has
 * only from 22.15 on and whose output changes with the libzstd that a Node release bundles.
 */
import { mapOrdered, throwIfAborted } from '../../base/index.ts'
import type { BlockCompressionOptions } from './gzip.ts'
import { inputBlocks } from './input-blocks.ts'
import { encodeFrame } from './zstd-workers.ts'

const blockSize = 4 * 1024 * 1024

export function zstd(
  stream: AsyncIterable<Uint8Array>,
  { level, concurrency, signal }: BlockCompressionOptions,
): AsyncGenerator<Uint8Array> {
  return mapOrdered(inputBlocks(stream, blockSize), concurrency + 1, async (block) => {
    throwIfAborted(signal)
    return await encodeFrame(block, level)
  })
}
