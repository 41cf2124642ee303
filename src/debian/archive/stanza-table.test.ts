import { describe, expect, it } from 'vitest'
import { stanzaTable } from './stanza-table.ts'

const index = `Package: a
Version: 1

Package: b
Version: 1
Provides: virtual (= 1), other
Depends: a

Package: a
Version: 2

Provides: virtual
Package: not-first

Package: c
Provides: virtual
`

describe('stanzaTable', () => {
  const table = stanzaTable(Buffer.from(index))

  it('finds all stanzas of a name', () => {
    expect(table.named('a')).toEqual(['Package: a\nVersion: 1\n', 'Package: a\nVersion: 2\n'])
    expect(table.named('c')).toEqual(['Package: c\nProvides: virtual\n'])
    expect(table.named('not-first')).toEqual(['Provides: virtual\nPackage: not-first\n'])
    expect(table.named('virtual')).toEqual([])
  })

  it('finds who provides a name', () => {
    const names = (name: string) => table.providing(name).map((text) => /Package: (.*)/.exec(text)?.[1])
    expect(names('virtual')).toEqual(['b', 'not-first', 'c'])
    expect(names('other')).toEqual(['b'])
    expect(names('a')).toEqual([])
  })

  it.each(['', '\n', '\n\n\n'])('has nothing in %j', (empty) => {
    expect(stanzaTable(Buffer.from(empty)).named('')).toEqual([])
  })

  it('needs no line end at the end', () => {
    expect(stanzaTable(Buffer.from('Package: a\nProvides: b')).providing('b')).toEqual([
      'Package: a\nProvides: b',
    ])
  })
})
