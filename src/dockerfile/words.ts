/** Splits the arguments of an instruction: words with quotes kept, JSON arrays, `name=value` pairs. */
import type { LogicalText } from '../base/index.ts'
import type { NamedValue, Word } from './instruction.ts'

/** Words separated by white space; quotes and escapes hold a word together and stay in its text. */
export function splitWords(body: LogicalText, escape: string): Word[] {
  return wordSpans(body.text, escape).map(([start, end]) => wordAt(body, start, end))
}

function wordSpans(text: string, escape: string): [start: number, end: number][] {
  const spans: [number, number][] = []
  let start = -1
  let quote = ''
  for (let at = 0; at <= text.length; at++) {
    const character = text[at]
    if (start === -1) {
      if (character === undefined || /\s/u.test(character)) continue
      start = at
    }
    if (character === undefined || (quote === '' && /\s/u.test(character))) {
      spans.push([start, at])
      start = -1
    } else if (character === escape && quote !== "'") at = Math.min(at + 1, text.length - 1)
    else if (quote === '' && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = ''
  }
  return spans
}

/** Words separated by white space, whatever the quotes say. */
export function splitAtSpaces(body: LogicalText): Word[] {
  return [...body.text.matchAll(/\S+/gu)].map((match) =>
    wordAt(body, match.index, match.index + match[0].length),
  )
}

function wordAt(body: LogicalText, start: number, end: number): Word {
  return { text: body.text.slice(start, end), range: body.range(start, end) }
}

/**
 * The elements of a JSON array of strings, each with the place of its text inside the quotes; undefined when the body is
 * not JSON (then it is the shell form), `'not-strings'` when it is an array of something else.
 */
export function jsonWords(body: LogicalText): Word[] | 'not-strings' | undefined {
  if (!body.text.trimStart().startsWith('[')) return undefined
  let values: unknown
  try {
    values = JSON.parse(body.text)
  } catch {
    return undefined
  }
  if (!Array.isArray(values)) return undefined
  if (!values.every((value) => typeof value === 'string')) return 'not-strings'
  const literals = [...body.text.matchAll(/"(?:\\.|[^"\\])*"/gsu)]
  return values.map((value: string, index) => {
    const literal = literals[index]
    const start = (literal?.index ?? 0) + 1
    return { text: value, range: body.range(start, start + (literal?.[0].length ?? 2) - 2) }
  })
}

/**
 * `name=value …`, or the old `name value with spaces` of ENV and LABEL. A word without `=` among pairs is returned as the
 * offender.
 */
export function namedValues(body: LogicalText, escape: string): NamedValue[] | { offender: Word } {
  const spans = wordSpans(body.text, escape)
  const [first] = spans
  if (!first) return []
  if (!body.text.slice(...first).includes('=')) return oldForm(body, first)
  const offender = spans.find((span) => !body.text.slice(...span).includes('='))
  return offender ? { offender: wordAt(body, ...offender) } : spans.map((span) => pairAt(body, ...span))
}

/** `name` or `name=value` for each word of ARG. */
export function argumentsOf(body: LogicalText, escape: string): NamedValue[] {
  return wordSpans(body.text, escape).map((span) => pairAt(body, ...span))
}

function oldForm(body: LogicalText, [start, end]: [number, number]): NamedValue[] | { offender: Word } {
  const name = wordAt(body, start, end)
  const value = body.slice(end).trim()
  if (value.length === 0) return { offender: name }
  return [{ name, value: { text: value.text, range: value.whole } }]
}

function pairAt(body: LogicalText, start: number, end: number): NamedValue {
  const equals = body.text.slice(start, end).indexOf('=')
  if (equals === -1) return { name: wordAt(body, start, end) }
  return { name: wordAt(body, start, start + equals), value: wordAt(body, start + equals + 1, end) }
}
