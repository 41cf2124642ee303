/**
 * Parallel gzip: one RFC 1952 member whose deflate stream is made of blocks that are compressed side by side on libuv's thread
 * pool. Each block ends with a sync flush, which aligns it to a byte, so that the pieces can be put one behind the other
 * (RFC 1951, 3.2.4); each starts with the 32 KiB before it as its dictionary, so that almost nothing is lost against one
 * stream. A single member, because readers exist that stop after the first.
 *
 * The header is ours, not zlib's, which would write the host's operating system into it.
 */
import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import { mapOrdered, throwIfAborted } from '../../base/index.ts'
import { inputBlocks } from './input-blocks.ts'

const blockSize = 1024 * 1024
const windowSize = 32 * 1024
/** An empty block with the fixed Huffman code, marked as the last. */
const finalBlock = Uint8Array.of(0x03, 0x00)

const deflateBlock = promisify(deflateRaw)

export interface BlockCompressionOptions {
  level: number
  concurrency: number
  signal: AbortSignal
}

export async function* gzip(
  stream: AsyncIterable<Uint8Array>,
  { level, concurrency, signal }: BlockCompressionOptions,
): AsyncGenerator<Uint8Array> {
  let checksum = 0
  let size = 0
  let previous: Uint8Array | undefined
  const deflate = async (block: Uint8Array) => {
    throwIfAborted(signal)
    checksum = crc32(block, checksum)
    size += block.length
    const dictionary = previous?.subarray(-windowSize)
    previous = block
    return await deflateBlock(block, {
      level,
      chunkSize: 256 * 1024,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(dictionary && { dictionary }),
    })
  }
  yield header(level)
  // One more than are compressed at a time: the pool stays busy while the oldest is handed on.
  yield* mapOrdered(inputBlocks(stream, blockSize), concurrency + 1, deflate)
  yield Buffer.concat([finalBlock, trailer(checksum, size)])
}

/** No name, no time, operating system 255 ("unknown"); the extra flags tell the fastest and the best level apart. */
function header(level: number): Uint8Array {
  const extraFlags = level === 9 ? 2 : level === 1 ? 4 : 0
  return Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, extraFlags, 255)
}

function trailer(checksum: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(checksum, 0)
  bytes.writeUInt32LE(size % 2 ** 32, 4)
  return bytes
}
