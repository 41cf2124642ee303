/**
 * A logical line: what remains of several physical lines when continuations and the comments between them are taken
 * out. It knows, for each of its characters, where that character stands in the file.
 */
import type { TextRange } from './text-edit.ts'

interface Piece {
  /** offset in the logical text */
  at: number
  /** offset in the file */
  from: number
  length: number
}

export class LogicalText {
  readonly text: string
  readonly #pieces: readonly Piece[]

  private constructor(text: string, pieces: readonly Piece[]) {
    this.text = text
    this.#pieces = pieces
  }

  /** Joins parts of a file, given by their text and offset. */
  static join(parts: readonly { text: string; offset: number }[]): LogicalText {
    const pieces: Piece[] = []
    let text = ''
    for (const part of parts) {
      pieces.push({ at: text.length, from: part.offset, length: part.text.length })
      text += part.text
    }
    return new LogicalText(text, pieces)
  }

  get length(): number {
    return this.text.length
  }

  /** Where the character at `index` stands in the file; for `length`, the place after the last character. */
  offsetAt(index: number): number {
    const piece = this.#pieces.findLast(
      (piece) => piece.at <= index && (piece.length > 0 || piece.at === index),
    )
    const first = piece ?? this.#pieces[0]
    return first ? first.from + Math.min(index - first.at, first.length) : 0
  }

  /** The file range from the character at `start` up to the one before `end`; it spans the continuations between them. */
  range(start: number, end: number): TextRange {
    const from = this.offsetAt(start)
    return { start: from, end: end > start ? this.offsetAt(end - 1) + 1 : from }
  }

  get whole(): TextRange {
    return this.range(0, this.length)
  }

  /** The part from `start` to `end` with the same mapping. */
  slice(start: number, end: number = this.length): LogicalText {
    const pieces = this.#pieces
      .filter((piece) => piece.at < end && piece.at + piece.length > start)
      .map((piece) => {
        const skipped = Math.max(0, start - piece.at)
        const length = Math.min(piece.at + piece.length, end) - piece.at - skipped
        return { at: piece.at + skipped - start, from: piece.from + skipped, length }
      })
    const fallback = { at: 0, from: this.offsetAt(start), length: 0 }
    return new LogicalText(this.text.slice(start, end), pieces.length > 0 ? pieces : [fallback])
  }

  /** Without leading and trailing white space. */
  trim(): LogicalText {
    const start = this.text.length - this.text.trimStart().length
    return this.slice(start, Math.max(start, this.text.trimEnd().length))
  }
}
