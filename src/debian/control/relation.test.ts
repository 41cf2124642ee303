import { describe, expect, it } from 'vitest'
import { DebianError } from '../debian-error.ts'
import { admits, formatDependency, parseRelations } from './relation.ts'

const malformed = (why: string) => new DebianError('DEBIAN_INDEX_MALFORMED', why, { kind: 'environment' })
const parse = (text: string | undefined) => parseRelations(text, malformed)

describe('parseRelations', () => {
  it('reads alternatives, constraints and architecture qualifiers', () => {
    expect(
      parse('libc6 (>= 2.34), debconf (>= 0.5)|debconf-2.0, python3:any (>=3.9~),\n libx11-6 (= 2:1.8)'),
    ).toEqual([
      [{ name: 'libc6', constraint: { operator: '>=', version: '2.34' } }],
      [{ name: 'debconf', constraint: { operator: '>=', version: '0.5' } }, { name: 'debconf-2.0' }],
      [{ name: 'python3', constraint: { operator: '>=', version: '3.9~' } }],
      [{ name: 'libx11-6', constraint: { operator: '=', version: '2:1.8' } }],
    ])
  })

  it('reads nothing from an absent or empty field, and forgives a comma at the end', () => {
    expect(parse(undefined)).toEqual([])
    expect(parse('')).toEqual([])
    expect(parse('a,')).toEqual([[{ name: 'a' }]])
  })

  it('takes the lone < and > of old packages as they are meant', () => {
    expect(parse('a (< 1), b (> 2)').map(formatDependency)).toEqual(['a (<= 1)', 'b (>= 2)'])
  })

  it.each(['a (>= )', 'a (2.0)', 'a b', '-a', 'a (~ 1)'])('refuses %s', (text) => {
    expect(() => parse(text)).toThrow(`${JSON.stringify(text)} is no relation to a package`)
  })
})

describe('admits', () => {
  it.each([
    ['a', '1', true],
    ['a (<< 2)', '2', false],
    ['a (<< 2)', '2~rc', true],
    ['a (<= 2)', '2', true],
    ['a (= 2)', '2-0', true],
    ['a (= 2)', '2-1', false],
    ['a (>= 2)', '1:0', true],
    ['a (>> 2)', '2', false],
    ['a (>> 2)', '2a', true],
  ])('%s admits %s: %s', (text, version, expected) => {
    const [[relation] = []] = parse(text)
    expect(relation && admits(relation, version)).toBe(expected)
  })
})
