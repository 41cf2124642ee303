/**
 * Random access over a file's bytes. An ELF file may lie about every offset, and a file that comes as a stream may be held
 * only in part; both are told apart here once, so that the parsers above read as if neither happened.
 */

/** A file, or the part of it that was kept. */
export interface ElfBytes {
  /** bytes of the whole file */
  readonly size: number
  /** Exactly `length` bytes, or undefined when that range was not kept. Asked only for ranges inside the file. */
  read(offset: number, length: number): Uint8Array | undefined
}

export interface ByteRange {
  offset: number
  length: number
}

/** A whole file in memory. */
export function wholeFile(bytes: Uint8Array): ElfBytes {
  return { size: bytes.byteLength, read: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** What a file's header says about the shape of all its other structures. */
export interface Layout {
  wide: boolean
  little: boolean
}

const maxNotes = 32
const decoder = new TextDecoder()

/** Reads structures of one file and collects what is wrong with them instead of failing. */
export class ElfReader {
  /** what the file says that cannot be true, one sentence fragment each */
  readonly damage: string[] = []
  /** ranges inside the file that were asked for and not kept */
  readonly missing: ByteRange[] = []
  readonly wide: boolean
  readonly little: boolean
  readonly #bytes: ElfBytes

  constructor(bytes: ElfBytes, layout: Layout) {
    this.#bytes = bytes
    this.wide = layout.wide
    this.little = layout.little
  }

  get size(): number {
    return this.#bytes.size
  }

  /** The range, or undefined (noted) when the file does not have it or it was not kept. `what` names it in the note. */
  range(offset: number, length: number, what: string): Fields | undefined {
    const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0
    if (!sound || offset + length > this.#bytes.size) {
      this.note(`${what} lies outside of the file`)
      return undefined
    }
    const bytes = this.#bytes.read(offset, length)
    if (bytes === undefined) {
      if (this.missing.length < maxNotes) this.missing.push({ offset, length })
      return undefined
    }
    return new Fields(bytes, this)
  }

  note(damage: string): void {
    if (this.damage.length < maxNotes && !this.damage.includes(damage)) this.damage.push(damage)
  }
}

/** Fields of one structure, in the file's byte order and word size. Reading beyond the end gives 0. */
export class Fields {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #layout: Layout

  constructor(bytes: Uint8Array, layout: Layout) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#layout = layout
  }

  get length(): number {
    return this.bytes.byteLength
  }

  u8(at: number): number {
    return this.bytes[at] ?? 0
  }

  u16(at: number): number {
    return at + 2 <= this.length ? this.#view.getUint16(at, this.#layout.little) : 0
  }

  u32(at: number): number {
    return at + 4 <= this.length ? this.#view.getUint32(at, this.#layout.little) : 0
  }

  /** 64 bits; beyond 2^53 the value is not exact, and far outside of every file. */
  u64(at: number): number {
    return at + 8 <= this.length ? Number(this.#view.getBigUint64(at, this.#layout.little)) : 0
  }

  /** An address, offset or size: 4 or 8 bytes by the file's class. */
  word(at: number): number {
    return this.#layout.wide ? this.u64(at) : this.u32(at)
  }

  /** The text up to the next NUL, of at most `limit` bytes; undefined when it does not begin inside or does not end. */
  text(at: number, limit = 4096): string | undefined {
    if (at < 0 || at >= this.length) return undefined
    const end = this.bytes.indexOf(0, at)
    if (end < 0 || end - at > limit) return undefined
    return decoder.decode(this.bytes.subarray(at, end))
  }

  slice(at: number, length: number): Fields {
    return new Fields(this.bytes.subarray(at, at + length), this.#layout)
  }
}
