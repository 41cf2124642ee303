/**
 * GYP files: literals of Python (dictionaries, lists, strings, numbers) with comments. A file that does not parse to its end
 * gives what came before: what is asked of it are hints, and node-gyp says better what is wrong.
 */

export type GypValue = string | number | GypValue[] | GypDictionary

/** Pairs in the order of the file: keys may come twice. */
export interface GypDictionary {
  pairs: [string, GypValue][]
}

export function isDictionary(value: GypValue | undefined): value is GypDictionary {
  return typeof value === 'object' && !Array.isArray(value)
}

/** The file's dictionary; an empty one when it has none. Never throws. */
export function parseGyp(text: string): GypDictionary {
  const value = new GypParser(text).value(0)
  return isDictionary(value) ? value : { pairs: [] }
}

/** Deeper nesting is no file that anybody wrote. */
const maxDepth = 100
const space = /(?:[\s,]|#[^\n]*)*/y
const plainWord = /[\w.+-]+/y

class GypParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): GypValue | undefined {
    this.#skip(space)
    const sign = this.#text[this.#at]
    if (sign === undefined || depth > maxDepth) return undefined
    if (sign === '{') return this.#dictionary(depth)
    if (sign === '[' || sign === '(') return this.#list(depth)
    return sign === '"' || sign === "'" ? this.#strings() : this.#word()
  }

  #dictionary(depth: number): GypDictionary {
    const pairs: [string, GypValue][] = []
    this.#at++
    while (!this.#ends('}')) {
      const key = this.value(depth + 1)
      this.#skip(space)
      if (this.#text[this.#at] !== ':') break
      this.#at++
      const value = this.value(depth + 1)
      if (value === undefined) break
      if (typeof key === 'string') pairs.push([key, value])
    }
    return { pairs }
  }

  #list(depth: number): GypValue[] {
    const close = this.#text[this.#at] === '[' ? ']' : ')'
    const items: GypValue[] = []
    this.#at++
    while (!this.#ends(close)) {
      const value = this.value(depth + 1)
      if (value === undefined) break
      items.push(value)
    }
    return items
  }

  /** Python joins strings that follow each other; a comma between them ends one. */
  #strings(): string {
    let whole = ''
    for (;;) {
      const quote = this.#text[this.#at]
      if (quote !== '"' && quote !== "'") return whole
      this.#at++
      for (
        let sign = this.#text[this.#at];
        sign !== undefined && sign !== quote;
        sign = this.#text[this.#at]
      ) {
        if (sign === '\\') this.#at++
        whole += this.#text[this.#at] ?? ''
        this.#at++
      }
      this.#at++
      this.#skip(/(?:\s|#[^\n]*)*/y)
    }
  }

  #word(): GypValue | undefined {
    const word = this.#skip(plainWord)
    if (word === '') return undefined
    return /^-?\d+$/.test(word) ? Number(word) : word
  }

  #ends(close: string): boolean {
    this.#skip(space)
    const sign = this.#text[this.#at]
    if (sign === close) this.#at++
    return sign === close || sign === undefined
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
