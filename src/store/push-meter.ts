import type { Progress } from '../base/index.ts'
import type { Descriptor } from '../oci/index.ts'

/** Tells how many bytes of an image have gone to a store. One that is written as a whole takes them only when it is completed. */
export class PushMeter {
  readonly #progress: Progress
  readonly #name: string
  readonly #sent = new Map<Descriptor, number>()
  #done = 0

  constructor(name: string, progress: Progress) {
    this.#name = name
    this.#progress = progress
  }

  get #id(): string {
    return `push ${this.#name}`
  }

  start(total: number): void {
    this.#progress({ type: 'start', id: this.#id, station: 'push', text: this.#name, total, unit: 'bytes' })
  }

  /** `bytes` of this blob are there; fewer than before when a piece has to be sent again. */
  advance(blob: Descriptor, bytes: number): void {
    this.#done += bytes - (this.#sent.get(blob) ?? 0)
    this.#sent.set(blob, bytes)
    this.#progress({ type: 'advance', id: this.#id, done: this.#done })
  }

  end(): void {
    this.#progress({ type: 'end', id: this.#id, text: this.#name })
  }
}
