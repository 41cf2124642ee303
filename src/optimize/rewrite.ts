/** The rewrite under way: what is decided about stages, what was changed, and why the rest stays. */
import type { TextRange } from '../base/index.ts'
import type { Instruction, ResolvedStage } from '../dockerfile/index.ts'
import { lineageOf } from '../forecast/index.ts'
import type { BuildView } from './build-view.ts'
import { DockerfileText } from './dockerfile-text.ts'
import type { Change, Kept } from './optimized.ts'

export class Rewrite {
  readonly view: BuildView
  readonly text: DockerfileText
  /** the name of the native stage that stands for a doubled one */
  readonly nativeNames = new Map<number, string>()
  readonly #changes: Change[] = []
  readonly #kept = new Map<Instruction, string>()
  readonly #done = new Set<Instruction>()

  constructor(view: BuildView) {
    this.view = view
    this.text = new DockerfileText(view.dockerfile)
  }

  changed(instruction: Instruction, change: Omit<Change, 'source'>): void {
    this.#done.add(instruction)
    this.#changes.push({ ...change, source: this.#source(instruction.range) })
  }

  /** It no longer runs on the image's platform, and another change says so. */
  covered(instruction: Instruction): void {
    this.#done.add(instruction)
  }

  /** The first reason counts. */
  keep(instruction: Instruction, why: string): void {
    if (!this.#kept.has(instruction)) this.#kept.set(instruction, why)
  }

  isDone(instruction: Instruction): boolean {
    return this.#done.has(instruction)
  }

  get changes(): Change[] {
    return byPlace(this.#changes)
  }

  get kept(): Kept[] {
    return byPlace(
      [...this.#kept]
        .filter(([instruction]) => !this.#done.has(instruction))
        .map(([{ range }, why]) => ({ source: this.#source(range), why })),
    )
  }

  /** Whether a step runs as root, as far as the file says. */
  runsAsRoot(stage: ResolvedStage, until?: Instruction): boolean {
    const user = this.userAt(stage, until)
    return user === undefined || user === 'root' || user === '0' || user === '0:0' || user === 'root:root'
  }

  /** The USER in effect before a step. */
  userAt(stage: ResolvedStage, until?: Instruction): string | undefined {
    let user: string | undefined
    for (const { steps } of lineageOf(this.view.graphOf(stage.stage.index), stage)) {
      for (const { instruction } of steps) {
        if (instruction === until) return user
        if (instruction.keyword === 'USER') user = instruction.words[0]?.text
      }
    }
    return user
  }

  #source(range: TextRange) {
    // The step's first line is enough to find it.
    const { dockerfile, facts } = this.view
    const line = dockerfile.lines.position(range.start).line
    const end = Math.min(range.end, dockerfile.lines.startOf(line) + dockerfile.lines.textOf(line).length)
    return dockerfile.lines.source(facts.file ?? 'Dockerfile', { start: range.start, end })
  }
}

function byPlace<T extends { source: { line: number; column: number } }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => a.source.line - b.source.line || a.source.column - b.source.column)
}
