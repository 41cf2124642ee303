/** Places in a text and minimal edits of it: everything that an edit does not name stays as it was, byte for byte. */
import { InternalError } from './errors.ts'
import { compareText, type SourceRange } from './finding.ts'

/** A half-open range of UTF-16 offsets in a text. */
export interface TextRange {
  readonly start: number
  readonly end: number
}

/** Replaces a range (an empty one: inserts) by `text`. */
export interface TextEdit extends TextRange {
  readonly text: string
}

/** Applies edits to a text. Throws `InternalError` when two of them overlap or one lies outside. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = ''
  let done = 0
  for (const edit of uniqueEdits(edits)) {
    if (edit.start < done || edit.end < edit.start || edit.end > text.length) {
      throw new InternalError(`edit ${edit.start}-${edit.end} overlaps another or lies outside the text`)
    }
    result += text.slice(done, edit.start) + edit.text
    done = edit.end
  }
  return result + text.slice(done)
}

/** Whether no two of the edits touch the same characters (the same edit twice is one edit). */
export function areIndependent(edits: readonly TextEdit[]): boolean {
  const sorted = uniqueEdits(edits)
  return sorted.every((edit, index) => {
    const previous = sorted[index - 1]
    return previous === undefined || edit.start >= previous.end
  })
}

function uniqueEdits(edits: readonly TextEdit[]): TextEdit[] {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end || compareText(a.text, b.text))
  return sorted.filter((edit, index) => {
    const previous = sorted[index - 1]
    return (
      !previous || edit.start !== previous.start || edit.end !== previous.end || edit.text !== previous.text
    )
  })
}

/** Line and column, both from 1; columns count UTF-16 units. */
export interface TextPosition {
  line: number
  column: number
}

/** Finds lines by offset in O(log n). Lines end with LF; a CR before it belongs to the line's end, not to its text. */
export class TextLines {
  readonly #text: string
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.#text = text
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1)
  }

  get count(): number {
    return this.#starts.length
  }

  position(offset: number): TextPosition {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    // A byte order mark is no character of the first line to whoever looks at it.
    const start = low === 0 ? this.#mark : (this.#starts[low] as number)
    return { line: low + 1, column: Math.max(offset - start, 0) + 1 }
  }

  /** How long the byte order mark is that the text begins with. */
  get #mark(): number {
    return this.#text.startsWith('\uFEFF') ? 1 : 0
  }

  /** Where a line begins; the text's length for a line after the last. */
  startOf(line: number): number {
    return this.#starts[line - 1] ?? this.#text.length
  }

  /** A line's text without its line end; empty when there is no such line. */
  textOf(line: number): string {
    const start = line === 1 ? this.#mark : this.startOf(line)
    return this.#text.slice(start, this.startOf(line + 1)).replace(/\r?\n$/, '')
  }

  /** The range as a place in `file`. */
  source(file: string, range: TextRange): SourceRange {
    const start = this.position(range.start)
    const end = this.position(Math.max(range.start, range.end))
    return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column }
  }
}
