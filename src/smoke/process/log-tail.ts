/** What a container writes, kept in bounded memory: the last lines, however much and however long they are. */
const maxLines = 200
const maxLineLength = 2000

export class LogTail {
  readonly #lines: string[] = []
  readonly #watchers = new Set<(line: string) => void>()

  /** The last lines, oldest first. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** Hears every line from now on; returns what ends it. */
  watch(hear: (line: string) => void): () => void {
    this.#watchers.add(hear)
    return () => this.#watchers.delete(hear)
  }

  /** Takes a stream of text, each stream with its own beginnings of lines. */
  writer(): { write(text: string): void; end(): void } {
    let begun = ''
    const write = (text: string) => {
      const parts = (begun + text).split('\n')
      begun = (parts.pop() ?? '').slice(0, maxLineLength)
      for (const line of parts) this.#add(line)
    }
    const end = () => {
      if (begun !== '') this.#add(begun)
      begun = ''
    }
    return { write, end }
  }

  #add(text: string): void {
    const line = text.slice(0, maxLineLength).replace(/\r$/, '')
    this.#lines.push(line)
    if (this.#lines.length > maxLines) this.#lines.shift()
    for (const hear of this.#watchers) hear(line)
  }
}
