/**
 * The part of HCL that bake files are written in: blocks, attributes, strings with interpolation, lists, objects. Other
 * expressions (calls, conditions, loops) are kept as text. https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
import type { TextRange } from '../base/index.ts'

export type HclValue =
  /** a string; `template` when it interpolates: its text then still has `${…}` */
  | { readonly kind: 'string'; readonly text: string; readonly template: boolean; readonly range: TextRange }
  /** a number, a boolean, null, a name or any other expression, as text */
  | { readonly kind: 'expression'; readonly text: string; readonly range: TextRange }
  | { readonly kind: 'list'; readonly items: readonly HclValue[]; readonly range: TextRange }
  | { readonly kind: 'object'; readonly entries: readonly HclAttribute[]; readonly range: TextRange }

export interface HclAttribute {
  readonly name: string
  readonly nameRange: TextRange
  readonly value: HclValue
  readonly range: TextRange
}

export interface HclBlock {
  readonly type: string
  readonly labels: readonly string[]
  readonly body: HclBody
  readonly range: TextRange
}

export interface HclBody {
  readonly attributes: readonly HclAttribute[]
  readonly blocks: readonly HclBlock[]
}

export interface HclProblem {
  readonly message: string
  readonly range: TextRange
}

export interface HclFile {
  readonly text: string
  readonly body: HclBody
  readonly problems: readonly HclProblem[]
}

/** Never throws: reading ends at the first problem, what came before it is there. */
export function parseHcl(text: string): HclFile {
  const parser = new HclParser(text)
  const body = parser.body(false)
  return { text, body, problems: parser.problem ? [parser.problem] : [] }
}

const maxDepth = 100

class HclParser {
  problem: HclProblem | undefined
  readonly #text: string
  #at: number
  #depth = 0

  constructor(text: string) {
    this.#text = text
    this.#at = text.startsWith('\uFEFF') ? 1 : 0
  }

  body(inBlock: boolean): HclBody {
    const attributes: HclAttribute[] = []
    const blocks: HclBlock[] = []
    while (!this.problem) {
      this.#blank(true)
      if (this.#at >= this.#text.length) {
        if (inBlock) this.#fail('a block is not closed', '}')
        break
      }
      if (inBlock && this.#text[this.#at] === '}') break
      this.#item(attributes, blocks)
    }
    return { attributes, blocks }
  }

  #item(attributes: HclAttribute[], blocks: HclBlock[]): void {
    const start = this.#at
    const name = this.#identifier()
    if (name === undefined)
      return this.#fail(`${JSON.stringify(this.#text[start])} is not a name`, 'a block or an attribute')
    const nameRange = { start, end: this.#at }
    this.#blank(false)
    if (this.#text[this.#at] === '=' && this.#text[this.#at + 1] !== '=') {
      this.#at++
      const value = this.#value('\n')
      if (value) attributes.push({ name, nameRange, value, range: { start, end: value.range.end } })
    } else this.#block(name, start, blocks)
  }

  #block(type: string, start: number, blocks: HclBlock[]): void {
    const labels: string[] = []
    for (;;) {
      this.#blank(false)
      const label = this.#text[this.#at] === '"' ? this.#string()?.text : this.#identifier()
      if (label === undefined) break
      labels.push(label)
    }
    if (this.#text[this.#at] !== '{')
      return this.#fail(`${type} is neither a block nor an attribute`, '{ or =')
    this.#at++
    if (++this.#depth > maxDepth) return this.#fail('blocks are nested too deep', 'a flat file')
    const body = this.body(true)
    this.#depth--
    if (this.#text[this.#at] === '}') this.#at++
    blocks.push({ type, labels, body, range: { start, end: this.#at } })
  }

  #value(end: string): HclValue | undefined {
    this.#blank(end !== '\n')
    if (++this.#depth > maxDepth) this.#fail('values are nested too deep', 'a flat value')
    const start = this.#at
    const plain = this.problem ? undefined : this.#plainValue()
    this.#depth--
    if (plain && this.#atEndOfValue(end)) return plain
    this.#at = start
    return this.#expression(end)
  }

  #plainValue(): HclValue | undefined {
    const character = this.#text[this.#at]
    if (character === '"') return this.#string()
    if (character === '[') return this.#list()
    if (character === '{') return this.#object()
    if (this.#text.startsWith('<<', this.#at)) return this.#heredoc()
    return undefined
  }

  /** Whether nothing follows that would make the value part of a larger expression. */
  #atEndOfValue(end: string): boolean {
    this.#blank(end !== '\n')
    const next = this.#text[this.#at]
    return next === undefined || ',]})\n\r'.includes(next) || end.includes(next)
  }

  #string(): (HclValue & { kind: 'string' }) | undefined {
    const start = this.#at++
    let template = false
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"' && this.#text[this.#at] !== '\n') {
      if (this.#text[this.#at] === '\\') this.#at += 2
      else if (/^[$%]\{/u.test(this.#text.slice(this.#at, this.#at + 2))) {
        template = true
        this.#skipBraces()
      } else this.#at++
    }
    if (this.#text[this.#at] !== '"') return this.#fail('a string is not closed', '"', start)
    this.#at++
    const range = { start, end: this.#at }
    const raw = this.#text.slice(start + 1, this.#at - 1)
    return { kind: 'string', text: template ? raw : unescape(raw), template, range }
  }

  #skipBraces(): void {
    let depth = 0
    for (; this.#at < this.#text.length; this.#at++) {
      if (this.#text[this.#at] === '{') depth++
      else if (this.#text[this.#at] === '}' && --depth === 0) break
    }
    this.#at++
  }

  #heredoc(): HclValue | undefined {
    const start = this.#at
    const match = /^<<(-?)([\w-]+)\r?\n/u.exec(this.#text.slice(start))
    if (!match) return undefined
    const terminator = new RegExp(`^[ \\t]*${match[2]}[ \\t]*\\r?$`, 'mu')
    const from = start + match[0].length
    const found = terminator.exec(this.#text.slice(from))
    if (!found) return this.#fail('a here-document is not closed', match[2] ?? '', start)
    const text = this.#text.slice(from, from + found.index)
    this.#at = from + found.index + found[0].length
    return { kind: 'string', text, template: text.includes('${'), range: { start, end: this.#at } }
  }

  #list(): HclValue | undefined {
    const start = this.#at++
    const items: HclValue[] = []
    for (;;) {
      this.#blank(true)
      if (this.#text[this.#at] === ']') break
      const item = this.#value(',]')
      if (!item) return undefined
      items.push(item)
      this.#blank(true)
      if (this.#text[this.#at] === ',') this.#at++
      else if (this.#text[this.#at] !== ']') return this.#fail('a list is not closed', ', or ]', start)
    }
    this.#at++
    return { kind: 'list', items, range: { start, end: this.#at } }
  }

  #object(): HclValue | undefined {
    const start = this.#at++
    const entries: HclAttribute[] = []
    for (;;) {
      this.#blank(true)
      if (this.#text[this.#at] === '}') break
      const from = this.#at
      const name = this.#text[this.#at] === '"' ? this.#string()?.text : this.#identifier()
      const nameRange = { start: from, end: this.#at }
      this.#blank(false)
      if (name === undefined || !/^[=:]$/u.test(this.#text[this.#at] ?? '')) return undefined
      this.#at++
      const value = this.#value(',}\n')
      if (!value) return undefined
      entries.push({ name, nameRange, value, range: { start: from, end: value.range.end } })
      this.#blank(true)
      if (this.#text[this.#at] === ',') this.#at++
    }
    this.#at++
    return { kind: 'object', entries, range: { start, end: this.#at } }
  }

  /** Anything else, up to one of the characters in `end` outside of brackets and strings. */
  #expression(end: string): HclValue | undefined {
    const start = this.#at
    let depth = 0
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] as string
      if (depth === 0 && (end.includes(character) || '}])'.includes(character))) break
      if (character === '"') {
        if (!this.#string()) return undefined
        this.#at--
      } else if ('([{'.includes(character)) depth++
      else if (')]}'.includes(character)) depth--
      else if (character === '#' || this.#text.startsWith('//', this.#at)) break
    }
    const text = this.#text.slice(start, this.#at).trim()
    if (text === '') return this.#fail('a value is missing', 'text, a number, a list or an expression', start)
    return { kind: 'expression', text, range: { start, end: start + text.length } }
  }

  #identifier(): string | undefined {
    const match = /^[A-Za-z_][\w-]*/u.exec(this.#text.slice(this.#at, this.#at + 200))
    if (match) this.#at += match[0].length
    return match?.[0]
  }

  /** Skips white space and comments; line ends too, when they do not matter. */
  #blank(lineEnds: boolean): void {
    for (;;) {
      const character = this.#text[this.#at]
      if (character === ' ' || character === '\t' || (lineEnds && (character === '\n' || character === '\r')))
        this.#at++
      else if (character === '#' || this.#text.startsWith('//', this.#at)) this.#to('\n', 0)
      else if (this.#text.startsWith('/*', this.#at)) this.#to('*/', 2)
      else return
    }
  }

  #to(end: string, length: number): void {
    const found = this.#text.indexOf(end, this.#at)
    this.#at = found === -1 ? this.#text.length : found + length
  }

  #fail(message: string, expected: string, start = this.#at): undefined {
    const range = { start: Math.min(start, this.#text.length), end: Math.min(start + 1, this.#text.length) }
    this.problem ??= { message: `${message}: expected ${expected}`, range }
    return undefined
  }
}

function unescape(raw: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }
  return raw.replaceAll(/\\(.)/gsu, (_, character: string) => escapes[character] ?? character)
}
