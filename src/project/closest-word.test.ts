import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closestWord } from './closest-word.ts'

describe('closestWord', () => {
  const keys = ['platforms', 'base', 'build', 'include', 'image']

  it.each([
    ['platform', 'platforms'],
    ['plaftorms', 'platforms'],
    ['Build', 'build'],
    ['includes', 'include'],
    ['imgae', 'image'],
    ['dockerfile', undefined],
    ['', undefined],
  ])('%j means %j', (word, meant) => {
    expect(closestWord(word, keys)).toBe(meant)
  })

  it('finds a candidate itself among others', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), fc.nat(), (words, pick) => {
        const word = words[pick % words.length] as string
        expect(closestWord(word, words)?.toLowerCase()).toBe(word.toLowerCase())
      }),
    )
  })
})
