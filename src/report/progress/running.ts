/** The state that every renderer of progress needs: what is under way, and for how long. */
import type { ProgressEvent } from '../../base/index.ts'
import type { RunningWork } from './progress-line.ts'

export class RunningSet {
  readonly #works = new Map<string, RunningWork>()

  /** Applies an event; returns the work that it concerns (after an `end`: the work that has just left the set). */
  apply(event: ProgressEvent, now: number): RunningWork | undefined {
    if (event.type === 'decision' || event.type === 'warning') return undefined
    if (event.type === 'start') {
      const { station, text, platform, total, unit } = event
      const work = { station, text, platform, total, unit, startedAt: now, done: 0, lastOutput: undefined }
      this.#works.set(event.id, work)
      return work
    }
    const work = this.#works.get(event.id)
    if (!work) return undefined
    if (event.type === 'end') this.#works.delete(event.id)
    if (event.type === 'output' && event.line.trim() !== '') work.lastOutput = event.line.trim()
    if (event.type === 'advance') {
      work.done = event.done
      work.total = event.total ?? work.total
    }
    return work
  }

  get works(): RunningWork[] {
    return [...this.#works.values()]
  }
}
