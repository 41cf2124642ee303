/**
 * JSON with positions: a small strict parser for the few files whose mistakes we report by line and column. Files that
 * are right go through `JSON.parse`, which is faster; this one is asked where it was wrong.
 *
 * Dialect `json` is RFC 8259. Dialect `jsonc` also takes comments and trailing commas, as tsconfig.json does.
 */
import type { SourceRange } from '../base/index.ts'

export type JsonDialect = 'json' | 'jsonc'

/** A value and where it stands: offsets in UTF-16 units, `end` exclusive. */
export interface JsonNode {
  start: number
  end: number
  value: string | number | boolean | null | JsonMember[] | JsonNode[]
  kind: 'object' | 'array' | 'scalar'
}

export interface JsonMember {
  key: string
  keyStart: number
  keyEnd: number
  node: JsonNode
}

/** Makes the error that is thrown for a mistake at an offset. */
export type JsonMistake = (why: string, offset: number) => Error

/** Deeper documents are refused: no real one comes near, and recursion has to end. */
const maxDepth = 200

/** Parses a whole document; throws what `mistake` makes. `text` must not start with a byte order mark. */
export function parseJsonTree(text: string, dialect: JsonDialect, mistake: JsonMistake): JsonNode {
  let at = 0

  function skipBlank(): void {
    for (;;) {
      while (at < text.length && ' \t\n\r'.includes(text[at] as string)) at++
      if (text[at] !== '/' || (text[at + 1] !== '/' && text[at + 1] !== '*')) return
      if (dialect === 'json') throw mistake('JSON has no comments', at)
      skipComment()
    }
  }

  function skipComment(): void {
    const start = at
    const closing = text[at + 1] === '/' ? '\n' : '*/'
    const end = text.indexOf(closing, at + 2)
    if (end < 0 && closing === '*/') throw mistake('this comment is never closed', start)
    at = end < 0 ? text.length : end + closing.length
  }

  function parseValue(depth: number): JsonNode {
    skipBlank()
    if (depth > maxDepth) throw mistake(`nested more than ${maxDepth} deep`, at)
    if (text[at] === '{') return parseObject(depth)
    if (text[at] === '[') return parseArray(depth)
    if (text[at] === '"') return parseString()
    return parseWord()
  }

  function parseObject(depth: number): JsonNode {
    const start = at++
    const members: JsonMember[] = []
    for (skipBlank(); text[at] !== '}'; skipBlank()) {
      if (text[at] !== '"') throw mistake(`expected a key in double quotes, found ${foundAt(text, at)}`, at)
      const key = parseString()
      skipBlank()
      if (text[at] !== ':')
        throw mistake(
          `expected ":" after the key ${JSON.stringify(key.value)}, found ${foundAt(text, at)}`,
          at,
        )
      at++
      members.push({
        key: key.value as string,
        keyStart: key.start,
        keyEnd: key.end,
        node: parseValue(depth + 1),
      })
      if (!parseSeparator('}')) break
    }
    return { start, end: ++at, kind: 'object', value: members }
  }

  function parseArray(depth: number): JsonNode {
    const start = at++
    const items: JsonNode[] = []
    for (skipBlank(); text[at] !== ']'; skipBlank()) {
      items.push(parseValue(depth + 1))
      if (!parseSeparator(']')) break
    }
    return { start, end: ++at, kind: 'array', value: items }
  }

  /** True after a comma, false before the closing bracket. */
  function parseSeparator(closing: string): boolean {
    skipBlank()
    if (text[at] === closing) return false
    if (text[at] !== ',') throw mistake(`expected "," or "${closing}", found ${foundAt(text, at)}`, at)
    const comma = at++
    skipBlank()
    if (dialect === 'json' && text[at] === closing) throw mistake('JSON has no trailing commas', comma)
    return true
  }

  function parseString(): JsonNode {
    const start = at++
    while (text[at] !== '"') {
      const code = text.charCodeAt(at)
      if (Number.isNaN(code)) throw mistake('this string is never closed', start)
      if (code < 0x20)
        throw mistake(code === 0x0a ? 'this string is never closed' : 'control character in a string', at)
      at += text[at] === '\\' ? parseEscape() : 1
    }
    at++
    return { start, end: at, kind: 'scalar', value: JSON.parse(text.slice(start, at)) as string }
  }

  /** The length of the escape sequence at the cursor. */
  function parseEscape(): number {
    const escape = /^\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at, at + 6))
    if (!escape) throw mistake(`${JSON.stringify(text.slice(at, at + 2))} is no escape sequence of JSON`, at)
    return escape[0].length
  }

  function parseWord(): JsonNode {
    const start = at
    const word = /^[^\s,:[\]{}"/]*/.exec(text.slice(at, at + 400))?.[0] ?? ''
    const literal = { true: true, false: false, null: null }[word]
    const isNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word)
    if (literal === undefined && !isNumber) {
      throw mistake(`expected a value, found ${word === '' ? foundAt(text, at) : word.slice(0, 40)}`, start)
    }
    at += word.length
    return { start, end: at, kind: 'scalar', value: literal === undefined ? Number(word) : literal }
  }

  const root = parseValue(0)
  skipBlank()
  if (at < text.length) throw mistake(`expected the end of the file, found ${foundAt(text, at)}`, at)
  return root
}

function foundAt(text: string, offset: number): string {
  const character = text.codePointAt(offset)
  return character === undefined ? 'the end of the file' : String.fromCodePoint(character)
}

/** The plain value of a node. `__proto__` becomes an ordinary property; of duplicate keys the last counts. */
export function jsonValue(node: JsonNode): unknown {
  if (node.kind === 'array') return (node.value as JsonNode[]).map(jsonValue)
  if (node.kind === 'scalar') return node.value
  const object: Record<string, unknown> = {}
  for (const member of node.value as JsonMember[]) {
    const value = jsonValue(member.node)
    Object.defineProperty(object, member.key, { value, writable: true, enumerable: true, configurable: true })
  }
  return object
}

/** The node at a path, or the deepest one on the way to it that exists. */
export function nodeAt(root: JsonNode, path: readonly PropertyKey[]): JsonNode {
  let node = root
  for (const step of path) {
    const next =
      node.kind === 'array'
        ? (node.value as JsonNode[])[Number(step)]
        : node.kind === 'object'
          ? memberOf(node, String(step))?.node
          : undefined
    if (!next) return node
    node = next
  }
  return node
}

/** The last member with this key, as `JSON.parse` has it. */
export function memberOf(node: JsonNode, key: string): JsonMember | undefined {
  return node.kind === 'object'
    ? (node.value as JsonMember[]).findLast((member) => member.key === key)
    : undefined
}

/** The first key that stands twice in one object, anywhere in the document. */
export function duplicateKey(node: JsonNode): JsonMember | undefined {
  if (node.kind === 'scalar') return undefined
  if (node.kind === 'array') return firstOf(node.value as JsonNode[], duplicateKey)
  const seen = new Set<string>()
  return firstOf(node.value as JsonMember[], (member) => {
    if (seen.has(member.key)) return member
    seen.add(member.key)
    return duplicateKey(member.node)
  })
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}

/** Lines and columns of an offset range. */
export function rangeAt(text: string, file: string, start: number, end = start): SourceRange {
  const from = placeOf(text, start)
  const to = placeOf(text, end)
  return { file, ...from, ...(end > start ? { endLine: to.line, endColumn: to.column } : {}) }
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** `file:line:column`, as editors and terminals link it. */
export function formatPlace({ file, line, column }: SourceRange): string {
  return `${file}:${line}:${column}`
}
