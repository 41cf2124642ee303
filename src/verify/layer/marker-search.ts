/** Finds the bytes that follow a marker in a stream, wherever the chunks are cut. */
export class MarkerSearch {
  /** the text behind the first marker; undefined as long as none has been seen whole */
  found: string | undefined
  readonly #marker: Buffer
  readonly #length: number
  #tail: Buffer = Buffer.alloc(0)

  constructor(marker: string, length: number) {
    this.#marker = Buffer.from(marker)
    this.#length = length
  }

  add(chunk: Uint8Array): void {
    if (this.found !== undefined) return
    const keep = this.#marker.length + this.#length
    const seam = Buffer.concat([this.#tail, chunk.subarray(0, keep)])
    const rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    this.#search(seam)
    if (this.found === undefined) this.#search(rest)
    this.#tail = rest.length >= keep ? Buffer.from(rest.subarray(-keep)) : Buffer.from(seam.subarray(-keep))
  }

  #search(bytes: Buffer): void {
    const at = bytes.indexOf(this.#marker)
    const end = at + this.#marker.length + this.#length
    if (at >= 0 && end <= bytes.length) this.found = bytes.toString('latin1', end - this.#length, end)
  }
}
