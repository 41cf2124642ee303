import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseChallenges } from './challenge.ts'

const parsed = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)])

describe('parseChallenges', () => {
  it.each([
    ['Basic realm="registry"', [['basic', { realm: 'registry' }]]],
    [
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
      [
        [
          'bearer',
          {
            realm: 'https://auth.docker.io/token',
            service: 'registry.docker.io',
            scope: 'repository:a/b:pull,push',
          },
        ],
      ],
    ],
    [
      'Bearer realm="a", service=b , Basic realm="c \\"d\\", e"',
      [
        ['bearer', { realm: 'a', service: 'b' }],
        ['basic', { realm: 'c "d", e' }],
      ],
    ],
    [
      'Negotiate, BASIC Realm=x',
      [
        ['negotiate', {}],
        ['basic', { realm: 'x' }],
      ],
    ],
    ['', []],
    ['"', []],
  ])('%s', (header, expected) => {
    expect(parsed(header)).toEqual(expected)
  })

  it('ends for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'Ab ",=\\\t1'.split('')) }),
        (text) => parseChallenges(text).length <= text.length,
      ),
    )
  })

  it('reads back what is printed', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/)
    const challenge = fc.tuple(name, fc.dictionary(name, fc.string(), { minKeys: 1, noNullPrototype: true }))
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`
        const header = challenges
          .map(([scheme, parameters]) => {
            const list = Object.entries(parameters).map(([key, value]) => `${key}=${quote(value)}`)
            return `${scheme} ${list.join(', ')}`
          })
          .join(', ')
        expect(parsed(header)).toEqual(challenges)
      }),
    )
  })
})
