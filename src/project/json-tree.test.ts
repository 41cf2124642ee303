import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { duplicateKey, formatPlace, jsonValue, nodeAt, parseJsonTree, rangeAt } from './json-tree.ts'

class Mistake extends Error {
  readonly offset: number
  constructor(why: string, offset: number) {
    super(why)
    this.offset = offset
  }
}
const mistake = (why: string, offset: number) => new Mistake(why, offset)
const parse = (text: string) => parseJsonTree(text, 'json', mistake)
const parseLoose = (text: string) => parseJsonTree(text, 'jsonc', mistake)

function accepts(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text)
    return true
  } catch {
    return false
  }
}

function whyAt(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof Mistake) return `${formatPlace(rangeAt(text, 'f', error.offset))} ${error.message}`
  }
  return 'accepted'
}

describe('parseJsonTree', () => {
  it('reads what JSON.parse reads, with the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        expect(jsonValue(parse(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('refuses what JSON.parse refuses: cut, doubled and spoilt documents', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(200), fc.constantFrom('', ',', '"', '}', ']', ':', '\\', '1', '-', '\n', '/*')),
      {
        maxLength: 3,
      },
    )
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), edits, fc.nat(200), (value, changes, cut) => {
        let text = JSON.stringify(value, null, 1)
        for (const [at, insert] of changes) text = text.slice(0, at) + insert + text.slice(at + 1)
        if (cut % 3 === 0) text = text.slice(0, cut)
        expect(accepts(parse, text)).toBe(accepts(JSON.parse, text))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['{"a": 1,}', 'f:1:8 JSON has no trailing commas'],
    ['{\n  "a": 1\n  "b": 2\n}', 'f:3:3 expected "," or "}", found "'],
    ["{'a': 1}", "f:1:2 expected a key in double quotes, found '"],
    ['{"a" 1}', 'f:1:6 expected ":" after the key "a", found 1'],
    ['{"a": // x\n 1}', 'f:1:7 JSON has no comments'],
    ['{"a": "x\n"}', 'f:1:9 this string is never closed'],
    ['["x', 'f:1:2 this string is never closed'],
    ['["\\x"]', 'f:1:3 "\\\\x" is no escape sequence of JSON'],
    ['{"a": undefined}', 'f:1:7 expected a value, found undefined'],
    ['{"a": 01}', 'f:1:7 expected a value, found 01'],
    ['{"a": 1', 'f:1:8 expected "," or "}", found the end of the file'],
    ['', 'f:1:1 expected a value, found the end of the file'],
    ['{} {}', 'f:1:4 expected the end of the file, found {'],
    ['['.repeat(5000), 'f:1:202 nested more than 200 deep'],
  ])('says where %j is wrong', (text, expected) => {
    expect(whyAt(text)).toBe(expected)
  })

  it('takes comments and trailing commas as tsconfig.json does', () => {
    const text = '/* a */ {\n // b\n "x": [1, 2,], /* c */\n}\n// end'
    expect(jsonValue(parseLoose(text))).toEqual({ x: [1, 2] })
    expect(accepts(parseLoose, '{ /* never closed')).toBe(false)
  })

  it('keeps __proto__ an ordinary key', () => {
    const value = jsonValue(parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(value.polluted).toBeUndefined()
  })

  it('finds nodes by path, the nearest one when the path ends early', () => {
    const text = '{"a": [10, {"b": "x"}]}'
    const slice = (path: PropertyKey[]) => {
      const { start, end } = nodeAt(parse(text), path)
      return text.slice(start, end)
    }
    expect(slice(['a', 1, 'b'])).toBe('"x"')
    expect(slice(['a', 0])).toBe('10')
    expect(slice(['a', 1, 'missing'])).toBe('{"b": "x"}')
    expect(slice([])).toBe(text)
  })

  it('finds a key that stands twice, at any depth', () => {
    expect(duplicateKey(parse('{"a": 1, "b": {"a": 2}}'))).toBeUndefined()
    expect(duplicateKey(parse('[{"a": {"x": 1, "y": 2, "x": 3}}]'))?.keyStart).toBe(24)
  })
})

describe('rangeAt', () => {
  it('counts lines and columns from 1', () => {
    expect(rangeAt('ab\ncd\n', 'f', 0)).toEqual({ file: 'f', line: 1, column: 1 })
    expect(rangeAt('ab\ncd\n', 'f', 4, 5)).toEqual({
      file: 'f',
      line: 2,
      column: 2,
      endLine: 2,
      endColumn: 3,
    })
    expect(rangeAt('ab\r\ncd', 'f', 4)).toEqual({ file: 'f', line: 2, column: 1 })
  })
})
