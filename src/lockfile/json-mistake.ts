/** Finds the place of a mistake in JSON text: `JSON.parse` of Node 20 does not tell it. Only asked when parsing failed. */

export interface JsonMistake {
  /** UTF-16 offset */
  offset: number
  why: string
}

/** What may come next, as bits. */
const value = 1
const key = 2
const colon = 4
const comma = 8
const close = 16

const token =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|((?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])))/y

/** The rest of a text that ends before, or in the middle of, a token. */
const unfinished = /^(?:"(?:[ !#-[\]-\uffff]|\\.?)*)?$/

const names: readonly [number, string][] = [
  [value, 'a value'],
  [key, 'a key in double quotes'],
  [colon, '`:`'],
  [comma, '`,`'],
]

/** The first mistake of a JSON text; undefined when there is none. */
export function findJsonMistake(text: string): JsonMistake | undefined {
  const open: ('{' | '[')[] = []
  let expected = value
  let offset = 0
  while (expected !== 0) {
    token.lastIndex = offset
    const match = token.exec(text)
    const start = offset + (/^[\t\n\r ]*/.exec(text.slice(offset))?.[0].length ?? 0)
    if (!match) return mistakeAt(text, start, expected, open)
    const next = step(match, expected, open)
    if (next === undefined) return mistakeAt(text, start, expected, open)
    expected = next
    offset = token.lastIndex
  }
  const rest = /[^\t\n\r ]/.exec(text.slice(offset))
  return rest
    ? { offset: offset + rest.index, why: 'there is more text after the end of the document' }
    : undefined
}

/** What may follow a token; undefined when the token itself may not stand here. */
function step(match: RegExpExecArray, expected: number, open: ('{' | '[')[]): number | undefined {
  const [, mark, string] = match
  if (mark === undefined) {
    if (string !== undefined && expected & key) return colon
    return expected & value ? afterValue(open) : undefined
  }
  if (mark === '{' || mark === '[') {
    if (!(expected & value)) return undefined
    open.push(mark)
    return mark === '{' ? key | close : value | close
  }
  if (mark === ':') return expected & colon ? value : undefined
  if (mark === ',') return expected & comma ? (open.at(-1) === '{' ? key : value) : undefined
  const opener = mark === '}' ? '{' : '['
  if (!(expected & close) || open.at(-1) !== opener) return undefined
  open.pop()
  return afterValue(open)
}

function afterValue(open: readonly string[]): number {
  return open.length > 0 ? comma | close : 0
}

function mistakeAt(text: string, offset: number, expected: number, open: readonly string[]): JsonMistake {
  if (unfinished.test(text.slice(offset))) {
    return { offset, why: 'the file ends in the middle of the document (truncated?)' }
  }
  const wanted = names.filter(([bit]) => expected & bit).map(([, name]) => name)
  if (expected & close) wanted.push(open.at(-1) === '{' ? '`}`' : '`]`')
  return { offset, why: `${wanted.join(' or ')} was expected here` }
}
