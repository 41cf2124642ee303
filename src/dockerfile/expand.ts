/**
 * Variable expansion and quote removal of Dockerfile words, as BuildKit does it:
 * `$x ${x} ${x:-w} ${x-w} ${x:+w} ${x+w} ${x:?w} ${x?w} ${x#p} ${x##p} ${x%p} ${x%%p} ${x/p/r} ${x//p/r}`, nested at will.
 * https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
import { DockerfileError } from './dockerfile-error.ts'
import { replacePattern, trimPrefix, trimSuffix } from './shell-pattern.ts'

/** The value of a variable, undefined when it is not set. */
export type Lookup = (name: string) => string | undefined

export type EscapeCharacter = '\\' | '`'

export interface ExpandOptions {
  escape?: EscapeCharacter
  /** keep quotes and escapes as they stand, and expressions of unset variables too (for finding heredocs) */
  raw?: boolean
  /** quotes are ordinary characters (bodies of heredocs) */
  ignoreQuotes?: boolean
}

export interface Expansion {
  value: string
  /** `value` split at unquoted white space, after expansion */
  words: string[]
  /** the variables that had a value */
  used: Set<string>
  /** the variables that were asked for and not set */
  unset: Set<string>
}

/** Expands one word. Throws `DockerfileError`. */
export function expand(word: string, lookup: Lookup, options: ExpandOptions = {}): Expansion {
  // Most words have nothing to expand.
  if (!/[$'"\\`]/u.test(word)) {
    return { value: word, words: word.split(/\s+/u).filter(Boolean), used: new Set(), unset: new Set() }
  }
  const expander = new Expander(word, lookup, options)
  const { text, words } = expander.until(undefined, options.raw ?? false)
  return { value: text, words, used: expander.used, unset: expander.unset }
}

function fail(message: string): DockerfileError {
  return new DockerfileError('DOCKERFILE_EXPANSION', message, { kind: 'usage' })
}

function required(name: string, message: string): DockerfileError {
  return new DockerfileError('DOCKERFILE_REQUIRED', `${name}: ${message}`, { kind: 'usage' })
}

const specialParameters = new Set(['@', '*', '#', '?', '-', '$', '!', '0'])

class Expander {
  readonly used = new Set<string>()
  readonly unset = new Set<string>()
  readonly #characters: readonly string[]
  readonly #lookup: Lookup
  readonly #escape: string
  readonly #raw: boolean
  readonly #ignoreQuotes: boolean
  #at = 0
  #rawEscapes = false

  constructor(word: string, lookup: Lookup, options: ExpandOptions) {
    this.#characters = Array.from(word)
    this.#lookup = lookup
    this.#escape = options.escape ?? '\\'
    this.#raw = options.raw ?? false
    this.#ignoreQuotes = options.ignoreQuotes ?? false
  }

  /** Reads up to `stop` (consumed) or, without one, to the end. */
  until(stop: string | undefined, rawEscapes: boolean): { text: string; words: string[] } {
    const outer = this.#rawEscapes
    this.#rawEscapes = rawEscapes
    const words = new WordSplitter()
    let text = ''
    for (;;) {
      const character = this.#next()
      if (character === undefined) {
        if (stop !== undefined) throw fail(`missing ${stop} at the end of a \${…} expression`)
        break
      }
      if (character === stop) break
      if (character === '$') text += words.addExpanded(this.#dollar())
      else if (character === "'" && !this.#ignoreQuotes) text += words.addQuoted(this.#singleQuoted())
      else if (character === '"' && !this.#ignoreQuotes) text += words.addQuoted(this.#doubleQuoted())
      else if (character === this.#escape) text += words.addQuoted(this.#escaped())
      else text += words.addExpanded(character)
    }
    this.#rawEscapes = outer
    return { text, words: words.finish() }
  }

  #next(): string | undefined {
    return this.#characters[this.#at++]
  }

  #peek(): string | undefined {
    return this.#characters[this.#at]
  }

  #escaped(): string {
    return (this.#rawEscapes ? this.#escape : '') + (this.#next() ?? '')
  }

  #singleQuoted(): string {
    const end = this.#characters.indexOf("'", this.#at)
    if (end === -1) throw fail("a ' has no matching '")
    const text = this.#characters.slice(this.#at, end).join('')
    this.#at = end + 1
    return this.#raw ? `'${text}'` : text
  }

  #doubleQuoted(): string {
    let text = ''
    for (let character = this.#next(); character !== '"'; character = this.#next()) {
      if (character === undefined) throw fail('a " has no matching "')
      if (character === '$') text += this.#dollar()
      else if (character === this.#escape) {
        if (this.#rawEscapes) text += character
        const next = this.#peek()
        const escapes = next === '"' || next === '$' || next === this.#escape
        if (next !== undefined) text += escapes ? this.#next() : character
      } else text += character
    }
    return this.#raw ? `"${text}"` : text
  }

  #dollar(): string {
    if (this.#peek() === '{') {
      this.#at++
      return this.#braced()
    }
    const name = this.#name()
    if (name === '') return '$'
    const value = this.#get(name)
    return value === undefined && this.#raw ? `$${name}` : (value ?? '')
  }

  #braced(): string {
    const first = this.#peek()
    if (first === undefined) throw fail('missing } after ${')
    if (first === '{' || first === '}' || first === ':') throw fail(`$\{${first} is not a substitution`)
    const name = this.#name()
    const modifier = this.#next()
    if (modifier === '}') {
      const value = this.#get(name)
      return value === undefined && this.#raw ? `$\{${name}}` : (value ?? '')
    }
    if (modifier === '/') return this.#replaced(name)
    const colon = modifier === ':'
    const operator = colon ? this.#next() : modifier
    if (operator === undefined) throw fail('missing } after ${')
    if (!'+-?#%'.includes(operator))
      throw fail(`$\{${name}${colon ? ':' : ''}${operator}…} is not a substitution`)
    return this.#modified(name, operator, colon)
  }

  #modified(name: string, operator: string, colon: boolean): string {
    const word = this.until('}', operator === '#' || operator === '%').text
    const value = this.#get(name)
    if (value === undefined && this.#raw) return `$\{${name}${colon ? ':' : ''}${operator}${word}}`
    const present = value !== undefined && !(colon && value === '')
    switch (operator) {
      case '-':
        return present ? value : word
      case '+':
        return present ? word : ''
      case '?':
        if (!present)
          throw required(name, word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`)
        return value
      default:
        return this.#trimmed(value ?? '', operator, word)
    }
  }

  #trimmed(value: string, operator: string, word: string): string {
    const greedy = word.startsWith(operator)
    const pattern = greedy ? word.slice(1) : word
    const trimmed = (operator === '#' ? trimPrefix : trimSuffix)(value, pattern, greedy)
    if (trimmed === undefined) throw fail(`${pattern} is not a pattern: \\ may escape only * ? \\ / and }`)
    return trimmed
  }

  #replaced(name: string): string {
    const every = this.#peek() === '/'
    if (every) this.#at++
    const pattern = this.until('/', true).text
    const replacement = this.until('}', true).text
    const value = this.#get(name)
    if (value === undefined && this.#raw) return `$\{${name}/${pattern}/${replacement}}`
    const replaced = replacePattern(value ?? '', pattern, replacement, every)
    if (replaced === undefined) throw fail(`${pattern} is not a pattern: \\ may escape only * ? \\ / and }`)
    return replaced
  }

  /** A name, a positional parameter (digits) or a special parameter; empty when there is none. */
  #name(): string {
    const first = this.#peek()
    if (first === undefined) return ''
    if (/^\p{Nd}$/u.test(first)) return this.#while(/^\p{Nd}$/u)
    if (specialParameters.has(first)) {
      this.#at++
      return first
    }
    return this.#while(/^[\p{L}\p{Nd}_]$/u)
  }

  #while(expression: RegExp): string {
    let text = ''
    for (let next = this.#peek(); next !== undefined && expression.test(next); next = this.#peek()) {
      text += next
      this.#at++
    }
    return text
  }

  #get(name: string): string | undefined {
    const value = this.#lookup(name)
    const names = value === undefined ? this.unset : this.used
    names.add(name)
    return value
  }
}

/** Splits at white space that was not quoted, while the expanded text goes by. */
class WordSplitter {
  #words: string[] = []
  #word = ''

  /** Unquoted text: white space in it separates words. */
  addExpanded(text: string): string {
    for (const character of text) {
      if (!/\s/u.test(character)) this.#word += character
      else if (this.#word !== '') this.finish()
    }
    return text
  }

  addQuoted(text: string): string {
    this.#word += text
    return text
  }

  finish(): string[] {
    if (this.#word !== '') this.#words.push(this.#word)
    this.#word = ''
    return this.#words
  }
}
