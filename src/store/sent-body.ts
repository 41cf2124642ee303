/**
 * A request's body while it is sent. undici abandons the iterator of a body when the request is aborted, so that the
 * content's `finally` would never run: the iterator is ours, and `end` finishes it.
 */
export class SentBody implements AsyncIterable<Uint8Array> {
  /** what the content itself threw; undici reports a broken connection instead */
  failure: unknown
  readonly #iterator: AsyncIterator<Uint8Array>

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#iterator = content[Symbol.asyncIterator]()
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() }
  }

  async end(): Promise<void> {
    await this.#iterator.return?.()
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#iterator.next()
    } catch (error) {
      this.failure = error
      throw error
    }
  }
}
