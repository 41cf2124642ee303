/**
 * Text → Dockerfile: parser directives, comments, continuations, here-documents, instructions, each with its exact place.
 * Follows BuildKit's own parser (https://docs.docker.com/reference/dockerfile/), down to what it tolerates. Never throws:
 * what is wrong is in `problems`, and the rest of the file is still there.
 */
import { LogicalText, TextLines, type TextRange } from '../base/index.ts'
import type { EscapeCharacter } from './expand.ts'
import { type HeredocStart, heredocStarts } from './heredoc.ts'
import type {
  ArgInstruction,
  DockerfileProblem,
  FromInstruction,
  Heredoc,
  Instruction,
} from './instruction.ts'
import { parseInstruction } from './parse-instruction.ts'

/** `# syntax=…`, `# escape=…` or `# check=…` at the top of the file. */
export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check'
  readonly value: string
  readonly range: TextRange
}

export interface Comment {
  /** without `#` and surrounding white space */
  readonly text: string
  readonly range: TextRange
}

/** FROM and what follows it up to the next FROM. */
export interface Stage {
  readonly index: number
  /** the name after AS, in lower case as BuildKit compares it; absent when it has none */
  readonly name?: string
  readonly from: FromInstruction
  readonly instructions: readonly Instruction[]
}

export interface Dockerfile {
  readonly text: string
  readonly lines: TextLines
  readonly escape: EscapeCharacter
  readonly directives: readonly Directive[]
  readonly comments: readonly Comment[]
  /** every instruction, in order */
  readonly instructions: readonly Instruction[]
  /** the ARG instructions before the first FROM */
  readonly globalArgs: readonly ArgInstruction[]
  readonly stages: readonly Stage[]
  readonly problems: readonly DockerfileProblem[]
}

interface PhysicalLine {
  text: string
  offset: number
  /** the offset after its line end */
  next: number
}

export function parseDockerfile(text: string): Dockerfile {
  const reader = new Reader(text)
  reader.read()
  const { instructions, problems, directives, comments } = reader
  const stages = toStages(instructions)
  const firstFrom = instructions.findIndex((instruction) => instruction.keyword === 'FROM')
  const beforeFrom = instructions.slice(0, firstFrom === -1 ? undefined : firstFrom)
  for (const instruction of beforeFrom) {
    if (instruction.keyword === 'ARG') continue
    problems.push({
      message: `${instruction.keyword} stands before the first FROM`,
      expected: 'only ARG may stand before FROM',
      range: instruction.range,
    })
  }
  if (firstFrom === -1 && problems.length === 0) {
    problems.push({ message: 'no stage to build', expected: 'FROM image', range: { start: 0, end: 0 } })
  }
  return {
    text,
    lines: new TextLines(text),
    escape: reader.escape,
    directives,
    comments,
    instructions,
    globalArgs: beforeFrom.filter((instruction) => instruction.keyword === 'ARG'),
    stages,
    problems: problems.sort((a, b) => a.range.start - b.range.start),
  }
}

function toStages(instructions: readonly Instruction[]): Stage[] {
  const stages: { from: FromInstruction; instructions: Instruction[] }[] = []
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') stages.push({ from: instruction, instructions: [] })
    else stages.at(-1)?.instructions.push(instruction)
  }
  return stages.map((stage, index) => {
    const name = stage.from.alias?.text.toLowerCase()
    return { index, ...stage, ...(name === undefined ? {} : { name }) }
  })
}

const heredocKeywords = new Set(['RUN', 'COPY', 'ADD'])

class Reader {
  readonly problems: DockerfileProblem[] = []
  readonly directives: Directive[] = []
  readonly comments: Comment[] = []
  readonly instructions: Instruction[] = []
  escape: EscapeCharacter = '\\'
  readonly #text: string
  #at: number
  #directivesDone = false

  constructor(text: string) {
    this.#text = text
    this.#at = text.startsWith('\uFEFF') ? 1 : 0
  }

  read(): void {
    for (let line = this.#line(); line; line = this.#line()) {
      this.#directive(line)
      if (this.#comment(line)) continue
      const logical = this.#continued(line)
      if (logical.text.trim() === '') continue
      const instruction = parseInstruction(logical, this)
      if (instruction) this.instructions.push(this.#withHeredocs(instruction, logical))
    }
  }

  #line(): PhysicalLine | undefined {
    if (this.#at >= this.#text.length) return undefined
    const offset = this.#at
    const newline = this.#text.indexOf('\n', offset)
    const next = newline === -1 ? this.#text.length : newline + 1
    this.#at = next
    return { text: this.#text.slice(offset, next).replace(/[\r\n]+$/u, ''), offset, next }
  }

  #comment(line: PhysicalLine): boolean {
    const start = line.text.search(/\S/u)
    if (line.text[start] !== '#') return false
    const range = { start: line.offset + start, end: line.offset + line.text.length }
    this.comments.push({ text: line.text.slice(start + 1).trim(), range })
    return true
  }

  /** The line and those that continue it; comments and empty lines between them are taken out. */
  #continued(first: PhysicalLine): LogicalText {
    const indent = first.text.length - first.text.trimStart().length
    let part = this.#part(first.text.slice(indent), first.offset + indent)
    const parts = [part]
    while (part.goesOn) {
      const line = this.#line()
      if (!line) break
      if (this.#comment(line) || line.text.trim() === '') continue
      part = this.#part(line.text, line.offset)
      parts.push(part)
    }
    return LogicalText.join(parts)
  }

  /** A physical line without the escape character at its end. A doubled one does not continue the line. */
  #part(text: string, offset: number): { text: string; offset: number; goesOn: boolean } {
    const end = text.replace(/[ \t]+$/u, '')
    const goesOn = end.endsWith(this.escape) && (end.length === 1 || end.at(-2) !== this.escape)
    return { text: goesOn ? end.slice(0, -1) : text, offset, goesOn }
  }

  #directive(line: PhysicalLine): void {
    if (this.#directivesDone) return
    const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/u.exec(line.text.trimStart())
    const name = match?.[1]?.toLowerCase()
    if (!match || (name !== 'syntax' && name !== 'escape' && name !== 'check')) {
      this.#directivesDone = true
      return
    }
    const value = match[2] as string
    const range = { start: line.offset, end: line.offset + line.text.length }
    if (this.directives.some((directive) => directive.name === name)) {
      this.problems.push({ message: `the directive ${name} stands twice`, expected: 'it once', range })
    }
    this.directives.push({ name, value, range })
    if (name !== 'escape') return
    if (value === '\\' || value === '`') this.escape = value
    else this.problems.push({ message: `${value} is not an escape character`, expected: '\\ or `', range })
  }

  #withHeredocs(instruction: Instruction, logical: LogicalText): Instruction {
    if (instruction.keyword === 'ONBUILD') {
      const trigger = this.#withHeredocs(instruction.trigger, logical)
      return { ...instruction, trigger, range: spanning(instruction.range, trigger.range) }
    }
    if (!heredocKeywords.has(instruction.keyword) || ('exec' in instruction && instruction.exec))
      return instruction
    const starts = heredocStarts(logical.text)
    if (starts.length === 0) return instruction
    const heredocs = starts.flatMap((start) => this.#heredoc(start, instruction.range) ?? [])
    const last = heredocs.at(-1)
    const range = last
      ? { start: instruction.range.start, end: this.#endOfTerminator(last) }
      : instruction.range
    return { ...instruction, heredocs, range }
  }

  #heredoc(start: HeredocStart, announced: TextRange): Heredoc | undefined {
    const from = this.#at
    for (let line = this.#line(); line; line = this.#line()) {
      const text = start.stripTabs ? line.text.replace(/^\t+/u, '') : line.text
      if (text !== start.name) continue
      const raw = this.#text.slice(from, line.offset)
      const content = start.stripTabs ? raw.replace(/^\t+/gmu, '') : raw
      return { ...start, content, raw, range: { start: from, end: line.offset } }
    }
    this.problems.push({
      message: `the here-document ${start.name} does not end`,
      expected: `a line that is only ${start.name}`,
      range: announced,
    })
    return undefined
  }

  #endOfTerminator(heredoc: Heredoc): number {
    const newline = this.#text.indexOf('\n', heredoc.range.end)
    const end = newline === -1 ? this.#text.length : newline
    return this.#text[end - 1] === '\r' ? end - 1 : end
  }
}

function spanning(a: TextRange, b: TextRange): TextRange {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) }
}
