/** Reads an archive for its headers alone. */
import { type FileHandle, open } from 'node:fs/promises'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { onDisk } from '../disk-failure.ts'

const chunkBytes = 16 * 1024
const zeros = Buffer.alloc(1024 * 1024)

/**
 * A file as a stream in which the parts that nobody looks at are zeros: `skipTo` names the end of content that the reader
 * passes over anyway. Listing an archive of gigabytes takes a few reads.
 */
export class SeekingStream implements AsyncIterable<Uint8Array> {
  readonly #path: string
  readonly #signal: AbortSignal
  #end = 0

  constructor(path: string, { signal }: CancelOptions) {
    this.#path = path
    this.#signal = signal
  }

  /** `end` is a position in the file, in bytes; what comes before it is of no interest. */
  skipTo(end: number): void {
    this.#end = end
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const file = await onDisk(`read ${this.#path}`, () => open(this.#path))
    try {
      yield* this.#chunks(file)
    } finally {
      await file.close()
    }
  }

  async *#chunks(file: FileHandle): AsyncGenerator<Uint8Array> {
    const { size } = await file.stat()
    let position = 0
    while (position < size) {
      throwIfAborted(this.#signal)
      const unseen = Math.min(this.#end, size) - position
      const chunk =
        unseen > chunkBytes
          ? zeros.subarray(0, unseen)
          : await onDisk(`read ${this.#path}`, () => readChunk(file, position))
      if (chunk.byteLength === 0) return
      position += chunk.byteLength
      yield chunk
    }
  }
}

async function readChunk(file: FileHandle, position: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunkBytes)
  const { bytesRead } = await file.read(buffer, 0, chunkBytes, position)
  return buffer.subarray(0, bytesRead)
}
