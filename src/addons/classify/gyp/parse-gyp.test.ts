import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseGyp } from './parse-gyp.ts'

describe('parseGyp', () => {
  it('reads what Python would read', () => {
    const text = `# a build
      {
        'targets': [{ "name": 'a', 'n': -3, 'joined': 'one '
          'two', # no comma: one text
        },],
        'targets': ('tuple', 'of \\'two\\' # no comment',),
      }`
    expect(parseGyp(text)).toEqual({
      pairs: [
        [
          'targets',
          [
            {
              pairs: [
                ['name', 'a'],
                ['n', -3],
                ['joined', 'one two'],
              ],
            },
          ],
        ],
        ['targets', ['tuple', "of 'two' # no comment"]],
      ],
    })
  })

  it.each(['', 'no gyp', '{', "{'a'", "{'a':", "{'a': 'b", '[]', '['.repeat(5000), "{'a': $}"])(
    'gives what could be read of %s',
    (text) => {
      expect(Array.isArray(parseGyp(text.slice(0, 40_000)).pairs)).toBe(true)
    },
  )

  it('ends for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]():,\'"\\#a1 \n'.split('')) }), (text) => {
        expect(Array.isArray(parseGyp(text).pairs)).toBe(true)
      }),
    )
  })
})
