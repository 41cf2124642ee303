/** Cuts a stream into blocks of one size, whatever the sizes of its chunks: what is made of a block depends on the bytes alone. */

/**
 * Blocks of exactly `size` bytes, the last one shorter and possibly empty; at least one. Each has a buffer of its own, which
 * may be transferred to another thread.
 */
export async function* inputBlocks(
  stream: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let block = new Uint8Array(size)
  let filled = 0
  let yielded = false
  for await (const chunk of stream) {
    for (let position = 0; position < chunk.length; ) {
      const piece = chunk.subarray(position, position + size - filled)
      block.set(piece, filled)
      filled += piece.length
      position += piece.length
      if (filled < size) continue
      yield block
      yielded = true
      block = new Uint8Array(size)
      filled = 0
    }
  }
  if (filled > 0 || !yielded) yield block.slice(0, filled)
}
