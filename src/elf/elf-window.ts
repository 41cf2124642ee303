/**
 * Keeps of a file that comes as a stream what `readElf` will ask for, in bounded memory: small files whole; of large ones the
 * head (symbols, texts and versions stand there), the segments that the program headers mark as metadata, and the section
 * headers. The rare file that keeps its tables elsewhere is read a second time, with the ranges that were missing as `extra`.
 */
import type { ByteRange, ElfBytes } from './elf-bytes.ts'
import { readHeader, readSegments, segmentTypes } from './header.ts'

/** What is kept from the beginning; files up to this size are kept whole. */
export const wholeFileBytes = 16 * 1024 * 1024
/** the program headers are read from here; every linker puts them right behind the header */
const planBytes = 64 * 1024
const smallSegment = 1024 * 1024
const maxKeptBytes = 48 * 1024 * 1024

interface Kept extends ByteRange {
  bytes: Uint8Array
  filled: number
}

/** Bytes that are kept of the beginning of a file of this size. */
function windowBytes(size: number): number {
  return Math.min(size, wholeFileBytes)
}

/** Takes a file's bytes in order; afterwards answers for the ranges that it kept. */
export class ElfWindow implements ElfBytes {
  readonly size: number
  readonly #head: Uint8Array
  readonly #ranges: Kept[] = []
  #position = 0
  #planned = false

  /**
   * `size` is the file's. `memory` is where the beginning is kept, at least `windowBytes(size)` long: one piece may serve file
   * after file, as nothing that `readElf` returns points into it.
   */
  constructor(
    size: number,
    extra: readonly ByteRange[] = [],
    memory: Uint8Array = Buffer.allocUnsafe(windowBytes(size)),
  ) {
    this.size = size
    this.#head = memory.subarray(0, windowBytes(size))
    for (const range of extra) this.#keep(range)
  }

  /** The next bytes of the file; beyond `size` they are ignored. */
  add(chunk: Uint8Array): void {
    const start = this.#position
    this.#position += chunk.byteLength
    if (start < this.#head.byteLength) this.#head.set(chunk.subarray(0, this.#head.byteLength - start), start)
    for (const range of this.#ranges) copyInto(range, chunk, start)
    if (!this.#planned && this.#position >= Math.min(planBytes, this.size)) this.#plan()
  }

  read(offset: number, length: number): Uint8Array | undefined {
    const end = offset + length
    if (end <= Math.min(this.#head.byteLength, this.#position)) return this.#head.subarray(offset, end)
    const range = this.#ranges.find((kept) => kept.offset <= offset && end <= kept.offset + kept.filled)
    return range?.bytes.subarray(offset - range.offset, end - range.offset)
  }

  #plan(): void {
    this.#planned = true
    if (this.size <= this.#head.byteLength) return
    const opened = readHeader(this)
    if (opened === undefined) return
    const { header, reader } = opened
    const { offset, size, count } = header.sectionHeaders
    const metadata: number[] = [segmentTypes.dynamic, segmentTypes.interpreter, segmentTypes.note]
    const wanted = readSegments(header, reader)
      .filter(
        ({ type, size }) => metadata.includes(type) || (type === segmentTypes.load && size <= smallSegment),
      )
      .map(({ offset, size }) => ({ offset, length: size }))
    for (const range of [...wanted, { offset, length: size * count }]) this.#keep(range)
  }

  #keep({ offset, length }: ByteRange): void {
    const kept = this.#ranges.reduce((sum, range) => sum + range.length, 0)
    const inside = offset >= 0 && length > 0 && offset + length <= this.size
    if (!inside || offset + length <= this.#head.byteLength || kept + length > maxKeptBytes) return
    this.#ranges.push({ offset, length, bytes: Buffer.alloc(length), filled: 0 })
  }
}

/** Copies the part of a chunk that belongs to a range. A range that began before it was planned is never filled. */
function copyInto(range: Kept, chunk: Uint8Array, start: number): void {
  const from = range.offset + range.filled
  if (from < start || from >= start + chunk.byteLength || range.filled === range.length) return
  const part = chunk.subarray(from - start, from - start + range.length - range.filled)
  range.bytes.set(part, range.filled)
  range.filled += part.byteLength
}
