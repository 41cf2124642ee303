/** Takes a stream apart at byte positions instead of chunk borders. Pieces are views of the chunks, not copies, where possible. */
import { throwIfAborted } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'

export interface ByteQueueOptions {
  signal: AbortSignal
  /** what the stream is called in messages */
  name: string
  /** bytes that may arrive; more are a `TarError` `TAR_LIMIT` */
  maxBytes: number
}

export class ByteQueue {
  readonly name: string
  readonly #signal: AbortSignal
  readonly #maxBytes: number
  readonly #chunks: AsyncIterator<Uint8Array>
  #chunk: Uint8Array = new Uint8Array(0)
  #arrived = 0

  constructor(stream: AsyncIterable<Uint8Array>, { signal, name, maxBytes }: ByteQueueOptions) {
    this.name = name
    this.#signal = signal
    this.#maxBytes = maxBytes
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** bytes taken so far */
  get position(): number {
    return this.#arrived - this.#chunk.length
  }

  /** Exactly `length` bytes, or fewer when the stream ends before. */
  async read(length: number): Promise<Uint8Array> {
    const first = await this.some(length)
    if (first === undefined || first.length === length) return first ?? new Uint8Array(0)
    const pieces = [first]
    let missing = length - first.length
    while (missing > 0) {
      const piece = await this.some(missing)
      if (piece === undefined) break
      pieces.push(piece)
      missing -= piece.length
    }
    return Buffer.concat(pieces)
  }

  /** At least one and at most `limit` bytes, whatever is at hand; undefined at the end of the stream. */
  async some(limit: number): Promise<Uint8Array | undefined> {
    while (this.#chunk.length === 0) if (!(await this.#next())) return undefined
    const piece = this.#chunk.subarray(0, limit)
    this.#chunk = this.#chunk.subarray(piece.length)
    return piece
  }

  /** Exactly `length` bytes. Throws `TarError` `TAR_TRUNCATED`, whose message says what is `missing`. */
  async require(length: number, missing: string): Promise<Uint8Array> {
    const bytes = await this.read(length)
    if (bytes.length < length) throw this.truncated(missing)
    return bytes
  }

  /** Passes over `length` bytes. Throws `TarError` `TAR_TRUNCATED`, whose message says what is `missing`. */
  async skip(length: number, missing: string): Promise<void> {
    for (let left = length; left > 0; ) {
      const piece = await this.some(left)
      if (piece === undefined) throw this.truncated(missing)
      left -= piece.length
    }
  }

  /** Reads to the end of the stream: whoever verifies it upstream decides there. */
  async drain(): Promise<void> {
    do this.#chunk = this.#chunk.subarray(this.#chunk.length)
    while (await this.#next())
  }

  /** Tells the stream that no more of it is wanted. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  truncated(missing: string): TarError {
    return new TarError('TAR_TRUNCATED', `${this.name} ends at byte ${this.#arrived}, in ${missing}`, {
      kind: 'environment',
    })
  }

  async #next(): Promise<boolean> {
    throwIfAborted(this.#signal)
    const { done, value } = await this.#chunks.next()
    if (done) return false
    this.#chunk = value
    this.#arrived += value.length
    if (this.#arrived > this.#maxBytes) {
      throw new TarError('TAR_LIMIT', `${this.name} is larger than ${this.#maxBytes} bytes`, {
        kind: 'environment',
        details: { limit: this.#maxBytes },
      })
    }
    return true
  }
}
