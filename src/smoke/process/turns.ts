/** One after another, in the order in which they came: for what two containers cannot have at once. */
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'

export class Turns {
  #before: Promise<void> = Promise.resolve()
  #waiting = 0

  /** Whether whoever comes now has to wait. */
  get taken(): boolean {
    return this.#waiting > 0
  }

  /** Waits until it is our turn; what it resolves to ends the turn. Rejects when the signal is aborted by then. */
  async take({ signal }: CancelOptions): Promise<() => void> {
    const previous = this.#before
    let pass = () => {}
    this.#before = new Promise((resolve) => (pass = resolve))
    this.#waiting += 1
    const release = () => {
      this.#waiting -= 1
      pass()
    }
    await previous
    try {
      throwIfAborted(signal)
    } catch (error) {
      release()
      throw error
    }
    return release
  }
}
