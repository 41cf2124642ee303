/**
 * Packs many small pieces into few chunks: whoever hashes, compresses or sends the archive pays per chunk. Large pieces are
 * handed on as they are, without a copy.
 */
const chunkSize = 256 * 1024
const passThrough = 64 * 1024

export class ChunkPacker {
  // A chunk that was handed over belongs to its receiver, so each is a buffer of its own.
  #buffer = Buffer.allocUnsafeSlow(chunkSize)
  #length = 0;

  /** Adds a piece, which may be kept until the chunk is full, and yields the chunks that are ready. */
  *add(piece: Uint8Array): Generator<Uint8Array> {
    if (piece.length >= passThrough) {
      yield* this.flush()
      yield piece
      return
    }
    if (this.#length + piece.length > chunkSize) yield* this.flush()
    this.#buffer.set(piece, this.#length)
    this.#length += piece.length
  }

  /** Yields what is left. */
  *flush(): Generator<Uint8Array> {
    if (this.#length === 0) return
    const chunk = this.#buffer.subarray(0, this.#length)
    this.#buffer = Buffer.allocUnsafeSlow(chunkSize)
    this.#length = 0
    yield chunk
  }
}
