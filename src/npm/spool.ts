/** The contents of one package's files: in memory while there is room, else one after the other in a temporary file. */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { fromBytes, type Source } from '../base/index.ts'
import type { MemoryBudget } from './memory-budget.ts'

export class Spool implements AsyncDisposable {
  readonly #path: string
  readonly #budget: MemoryBudget
  #inMemory = 0
  #inFile = 0
  #handle: FileHandle | undefined

  /** `path`: where the temporary file would be made; nothing is there before it is needed. */
  constructor(path: string, budget: MemoryBudget) {
    this.#path = path
    this.#budget = budget
  }

  /** Keeps a content of exactly `size` bytes. */
  async add(body: AsyncIterable<Uint8Array>, size: number): Promise<Source> {
    if (!this.#budget.take(size)) return this.#addToFile(body)
    this.#inMemory += size
    const bytes = Buffer.allocUnsafe(size)
    let filled = 0
    for await (const chunk of body) {
      bytes.set(chunk, filled)
      filled += chunk.byteLength
    }
    return fromBytes(bytes.subarray(0, filled))
  }

  async #addToFile(body: AsyncIterable<Uint8Array>): Promise<Source> {
    this.#handle ??= await open(this.#path, 'wx')
    const start = this.#inFile
    for await (const chunk of body) {
      await this.#handle.writeFile(chunk)
      this.#inFile += chunk.byteLength
    }
    const end = this.#inFile - 1
    if (end < start) return fromBytes(new Uint8Array())
    return ({ signal }) => createReadStream(this.#path, { start, end, signal })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#budget.give(this.#inMemory)
    this.#inMemory = 0
    if (!this.#handle) return
    // The file stays until the run's temporary folder goes: a layer is written with entries asked for ahead of their
    // contents, so a content may be read after its package was put away.
    await this.#handle.close()
    this.#handle = undefined
  }
}
