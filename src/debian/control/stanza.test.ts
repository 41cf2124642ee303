import { describe, expect, it } from 'vitest'
import { DebianError } from '../debian-error.ts'
import { parseStanzas, words } from './stanza.ts'

const malformed = (why: string) => new DebianError('DEBIAN_INDEX_MALFORMED', why, { kind: 'environment' })
const parse = (text: string) => parseStanzas(text, malformed).map((stanza) => Object.fromEntries(stanza))

describe('parseStanzas', () => {
  it('reads fields, continuations, comments and several stanzas', () => {
    const text =
      '# head\nPackage: a\nDescription: short\n long\n .\n  more\n# in between\nTag:x\n\n\n \nPACKAGE: b\r\n'
    expect(parse(text)).toEqual([
      { package: 'a', description: 'short\nlong\n.\n more', tag: 'x' },
      { package: 'b' },
    ])
  })

  it('reads nothing from nothing', () => {
    expect(parse('')).toEqual([])
    expect(parse('\n\n# only a comment\n')).toEqual([])
  })

  it.each([
    [' continued: first', 'line 1 continues no field'],
    ['Package: a\nnonsense', 'line 2 is neither a field nor the continuation of one'],
    ['Package: a\n\n: b', 'line 3 is neither a field nor the continuation of one'],
    ['Package: a\npackage: b', 'line 2 repeats the field package'],
  ])('refuses %j', (text, why) => {
    expect(() => parse(text)).toThrow(why)
  })
})

it('splits values into words over several lines', () => {
  expect(words(undefined)).toEqual([])
  expect(words(' main  contrib\nnon-free\n')).toEqual(['main', 'contrib', 'non-free'])
})
