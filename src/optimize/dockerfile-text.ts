/** The text of a Dockerfile under way: edits, new stages between the old ones, everything else byte for byte. */
import { applyEdits, type TextEdit, type TextRange } from '../base/index.ts'
import type { Dockerfile, Instruction, Stage } from '../dockerfile/index.ts'

export class DockerfileText {
  readonly lineEnd: string
  readonly #dockerfile: Dockerfile
  readonly #edits: TextEdit[] = []
  /** stages to insert, by the place where they go, in order */
  readonly #inserted = new Map<number, string[]>()
  readonly #names: Set<string>

  constructor(dockerfile: Dockerfile) {
    this.#dockerfile = dockerfile
    this.lineEnd = dockerfile.text.includes('\r\n') ? '\r\n' : '\n'
    this.#names = new Set(dockerfile.stages.flatMap(({ name }) => name ?? []))
  }

  /** A name that no stage has yet, and that is taken now. */
  newName(wanted: string): string {
    let name = wanted
    for (let number = 2; this.#names.has(name); number++) name = `${wanted}-${number}`
    this.#names.add(name)
    return name
  }

  edit(...edits: readonly TextEdit[]): void {
    this.#edits.push(...edits)
  }

  insertLineBefore(instruction: Instruction, text: string): void {
    const { start } = instruction.range
    this.edit({ start, end: start, text: `${text}${this.lineEnd}` })
  }

  /** Removes an instruction with its line, or lines. */
  removeLines({ range }: Instruction): void {
    this.edit({ start: range.start, end: this.#afterLine(range.end), text: '' })
  }

  /** A new stage behind the last instruction of an old one. */
  insertAfter(stage: Stage, lines: readonly string[]): void {
    const { end } = (stage.instructions.at(-1) ?? stage.from).range
    const at = this.#afterLine(end)
    const isEnded = this.#dockerfile.text[at - 1] === '\n'
    this.#insert(
      at,
      `${isEnded ? '' : this.lineEnd}${this.lineEnd}${lines.join(this.lineEnd)}${this.lineEnd}`,
    )
  }

  /** A new stage before an old one, and behind those that were inserted there already. */
  insertBefore(stage: Stage, lines: readonly string[]): void {
    const previous = this.#dockerfile.stages[stage.index - 1]
    if (previous) this.insertAfter(previous, lines)
    else this.#insert(stage.from.range.start, `${lines.join(this.lineEnd)}${this.lineEnd}${this.lineEnd}`)
  }

  /** What a part of the old text becomes with these edits. */
  slice({ start, end }: TextRange, edits: readonly TextEdit[] = []): string {
    const shifted = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }))
    return applyEdits(this.#dockerfile.text.slice(start, end), shifted)
  }

  toString(): string {
    const inserted = [...this.#inserted].map(([at, texts]) => ({ start: at, end: at, text: texts.join('') }))
    return applyEdits(this.#dockerfile.text, [...this.#edits, ...inserted])
  }

  #insert(at: number, text: string): void {
    this.#inserted.set(at, [...(this.#inserted.get(at) ?? []), text])
  }

  #afterLine(offset: number): number {
    const newline = this.#dockerfile.text.indexOf('\n', offset)
    return newline === -1 ? this.#dockerfile.text.length : newline + 1
  }
}
