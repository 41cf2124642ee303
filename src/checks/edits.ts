/** The edits that fixes are made of. */
import type { TextRange } from '../base/index.ts'
import type { YamlEntry } from '../workflow/index.ts'
import type { ProjectFile } from './project-file.ts'
import type { FileEdit } from './rule.ts'

export function replace(file: ProjectFile, range: TextRange, text: string): FileEdit {
  return { file: file.path, start: range.start, end: range.end, text }
}

export function insert(file: ProjectFile, offset: number, text: string): FileEdit {
  return { file: file.path, start: offset, end: offset, text }
}

/** The line end that the file uses. */
export function lineEndOf(file: ProjectFile): string {
  return file.text.includes('\r\n') ? '\r\n' : '\n'
}

/** Removes a range with the blanks that separate it from what follows. */
export function removeWord(file: ProjectFile, range: TextRange): FileEdit {
  const after = /^[ \t]*/u.exec(file.text.slice(range.end))?.[0].length ?? 0
  return { file: file.path, start: range.start, end: range.end + after, text: '' }
}

/** Removes the lines that a range lies on; a byte order mark before the first one stays. */
export function removeLines(file: ProjectFile, range: TextRange): FileEdit {
  const line = file.lines.startOf(file.lines.position(range.start).line)
  const start = line === 0 && file.text.startsWith('\uFEFF') ? 1 : line
  const end = file.lines.startOf(file.lines.position(range.end).line + 1)
  return { file: file.path, start, end, text: '' }
}

/** The blanks before a place on its line; empty when something else stands there. */
function indentAt(file: ProjectFile, offset: number): string {
  const { line } = file.lines.position(offset)
  const before = file.text.slice(file.lines.startOf(line), offset)
  return /^[\uFEFF]?([ \t]*)$/u.exec(before)?.[1] ?? ''
}

/** A new line before the one on which a place stands, with the same indentation. */
export function insertLineBefore(file: ProjectFile, offset: number, text: string): FileEdit {
  const start = offset - indentAt(file, offset).length
  return insert(file, start, `${indentAt(file, offset)}${text}${lineEndOf(file)}`)
}

/** The indentation of a YAML key that begins its line or follows `- `. */
function keyIndent(file: ProjectFile, entry: YamlEntry): string {
  const { column } = file.lines.position(entry.keyRange.start)
  return ' '.repeat(column - 1)
}

/** A new entry (one or more lines, indented relative to the key) before an entry of a block map. */
export function insertEntryBefore(file: ProjectFile, entry: YamlEntry, lines: readonly string[]): FileEdit {
  const end = lineEndOf(file)
  const indent = keyIndent(file, entry)
  const text = lines.map((line) => (line === '' ? '' : line)).join(`${end}${indent}`)
  return insert(file, entry.keyRange.start, `${text}${end}${indent}`)
}
