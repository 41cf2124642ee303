import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseYaml, textOf, valueAt, type YamlScalar } from './index.ts'

const at = (text: string, range: { start: number; end: number }) => text.slice(range.start, range.end)

describe('parseYaml', () => {
  it('places keys and values, in files with a byte order mark and Windows line ends', () => {
    const text = '\uFEFFa:\r\n  b: "x y" # note\r\n  c: [1, two]\r\n'
    const file = parseYaml(text)
    const value = valueAt(file.documents[0], 'a', 'b')
    expect(value && at(text, value.range)).toBe('"x y"')
    expect(value && file.lines.position(value.range.start)).toEqual({ line: 2, column: 6 })
    expect(textOf(file.documents[0], 'a', 'c')).toBeUndefined()
  })

  it('places every character of a script', () => {
    for (const header of ['|', '|-', '>-', '|2']) {
      const text = `run: ${header}\n  first line\n  second \\\n    third\nnext: 1\n`
      const node = valueAt(parseYaml(text).documents[0], 'run') as YamlScalar
      const index = node.text.indexOf('third')
      expect(at(text, node.source.range(index, index + 5))).toBe('third')
    }
  })

  it('follows aliases and merges', () => {
    const text = 'base: &b {x: 1, y: 2}\none:\n  <<: *b\n  y: 3\ntwo:\n  <<: [*b, {z: 4}]\nthree: *b\n'
    const [document] = parseYaml(text).documents
    expect([textOf(document, 'one', 'x'), textOf(document, 'one', 'y')]).toEqual(['1', '3'])
    expect([textOf(document, 'two', 'z'), textOf(document, 'two', 'y')]).toEqual(['4', '2'])
    expect(textOf(document, 'three', 'y')).toBe('2')
  })

  it('reads several documents', () => {
    expect(parseYaml('a: 1\n---\nb: 2\n---\n').documents.map((document) => textOf(document, 'b'))).toEqual([
      undefined,
      '2',
    ])
  })

  it('says where a tab or a missing bracket is', () => {
    const tab = parseYaml('a:\n\tb: 1\n')
    expect(tab.problems[0] && tab.lines.position(tab.problems[0].range.start).line).toBe(2)
    const bracket = parseYaml('a: [1, 2\nb: 3\n')
    expect(bracket.problems.length).toBeGreaterThan(0)
    expect(bracket.documents).toEqual([])
  })

  it('does not read templates, and reads what only looks like one', () => {
    expect(parseYaml('image: {{ .Values.image }}\n').templated).toBe(true)
    expect(parseYaml('{% if x %}\na: 1\n{% endif %}\n').templated).toBe(true)
    expect(parseYaml('a: ${{ matrix.x }}\nrun: docker inspect -f "{{.Os}}" x\n').templated).toBe(false)
  })

  it('ends on aliases that contain themselves and on absurd depth', () => {
    expect(parseYaml('a: &a [*a]\n').problems.length).toBeGreaterThanOrEqual(0)
    expect(parseYaml('['.repeat(20_000)).documents).toEqual([])
  })

  it('reads any text', () => {
    const part = constantFrom(
      'a:',
      ' ',
      '\n',
      '- ',
      '&x ',
      '*x',
      '"',
      '|',
      '\t',
      '{',
      '}',
      '[',
      ']',
      '#',
      'b',
      '---\n',
    )
    assert(
      property(array(part, { maxLength: 30 }), (parts) => {
        const text = parts.join('')
        for (const { range } of parseYaml(text).problems) expect(range.start).toBeLessThanOrEqual(text.length)
      }),
      { numRuns: 500 },
    )
  })
})
