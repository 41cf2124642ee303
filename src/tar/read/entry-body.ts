/** A member's content while the archive streams by: read once, skipped otherwise, holes of sparse files filled in. */
import { paddingOf } from '../format/header-block.ts'
import { TarError } from '../tar-error.ts'
import type { ByteQueue } from './byte-queue.ts'
import type { Member } from './member.ts'

const zeros = Buffer.alloc(64 * 1024)
const pieceSize = 1024 * 1024

export class EntryBody implements AsyncIterable<Uint8Array> {
  readonly #queue: ByteQueue
  readonly #member: Member
  #unread: number
  #state: 'unopened' | 'opened' | 'gone' = 'unopened'

  /** The queue stands at the first byte of data, behind an embedded sparse map. */
  constructor(queue: ByteQueue, member: Member) {
    this.#queue = queue
    this.#member = member
    this.#unread = member.storedSize - (member.sparse?.stored ?? 0)
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    if (this.#state !== 'unopened') throw this.#gone('is opened twice, or too late')
    this.#state = 'opened'
    if (this.#member.type !== 'file') return this.#stored(0)
    return this.#member.sparse ? this.#expanded() : this.#stored(this.#unread)
  }

  /** From now on the content cannot be read any more. */
  expire(): void {
    this.#state = 'gone'
  }

  /** Skips what was not read. */
  async skip(): Promise<void> {
    await this.#queue.skip(this.#unread, this.#name())
    await this.#queue.skip(paddingOf(this.#member.storedSize), this.#name())
  }

  async *#stored(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (this.#state === 'gone') throw this.#gone('is read too late')
      const piece = await this.#queue.some(Math.min(left, pieceSize))
      if (piece === undefined) throw this.#queue.truncated(this.#name())
      this.#unread -= piece.length
      left -= piece.length
      yield piece
    }
  }

  async *#expanded(): AsyncGenerator<Uint8Array> {
    const { regions, size } = this.#member.sparse ?? { regions: [], size: 0 }
    let end = 0
    for (const { offset, length } of regions) {
      yield* hole(offset - end)
      yield* this.#stored(length)
      end = offset + length
    }
    yield* hole(size - end)
  }

  #name(): string {
    return `the content of ${JSON.stringify(this.#member.rawPath)}`
  }

  #gone(what: string): TarError {
    return new TarError('TAR_BODY_GONE', `${this.#queue.name}: ${this.#name()} ${what}`, { kind: 'internal' })
  }
}

function* hole(length: number): Generator<Uint8Array> {
  for (let left = length; left > 0; left -= zeros.length) yield zeros.subarray(0, left)
}
