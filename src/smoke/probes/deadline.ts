/** A point in time after which waiting has no use. */
import { type CancelOptions, sleep } from '../../base/index.ts'

export class Deadline {
  readonly #end: number

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds
  }

  get remaining(): number {
    return Math.max(0, this.#end - performance.now())
  }

  get passed(): boolean {
    return this.remaining === 0
  }

  /** The promise's value, or undefined when the deadline came first. Rejects when the signal is aborted. */
  async of<T>(promise: Promise<T>, { signal }: CancelOptions): Promise<T | undefined> {
    const over = new AbortController()
    try {
      return await Promise.race([
        promise,
        sleep(this.remaining, { signal: AbortSignal.any([signal, over.signal]) }).then(() => undefined),
      ])
    } finally {
      over.abort()
    }
  }
}
