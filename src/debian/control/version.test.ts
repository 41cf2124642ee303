import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, upstreamVersion } from './version.ts'

const order = ['<', '=', '>']

describe('compareVersions', () => {
  it.each([
    ['1.0', '<', '1.1'],
    ['1.9', '<', '1.10'],
    ['1.0~rc1', '<', '1.0'],
    ['1.0~~', '<', '1.0~'],
    ['1.0~~a', '<', '1.0~'],
    ['1.0', '<', '1.0a'],
    ['1.0a', '<', '1.0+'],
    ['1.0-1', '<', '1.0-1+deb12u1'],
    ['1.0-1~bpo12+1', '<', '1.0-1'],
    ['1.0', '=', '1.0-0'],
    ['1.0', '=', '0:1.0'],
    ['1.00', '=', '1.0'],
    ['1:0.1', '>', '99.9'],
    ['2.36-9+deb12u14', '>', '2.36-9+deb12u7'],
    ['1.2-3-4', '>', '1.2-3-3'],
    ['1.0.', '>', '1.0'],
    ['9'.repeat(40), '<', `1${'0'.repeat(40)}`],
  ])('%s %s %s', (a, expected, b) => {
    expect(order[Math.sign(compareVersions(a, b)) + 1]).toBe(expected)
    expect(order[Math.sign(compareVersions(b, a)) + 1]).toBe({ '<': '>', '=': '=', '>': '<' }[expected])
  })

  it('is an order', () => {
    const version = fc.stringMatching(/^[0-9][0-9a-z.+~]{0,6}(-[0-9a-z+~]{1,3})?$/)
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, a)).toBe(0)
        expect(Math.sign(compareVersions(a, b))).toBe(0 - Math.sign(compareVersions(b, a)))
        const [low, middle, high] = [a, b, c].sort(compareVersions) as [string, string, string]
        expect(compareVersions(low, high)).toBeLessThanOrEqual(0)
        expect(compareVersions(low, middle)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('upstreamVersion', () => {
  it.each([
    ['2.36-9+deb12u14', '2.36'],
    ['1:1.2.13.dfsg-1', '1.2.13.dfsg'],
    ['2026b', '2026b'],
  ])('of %s is %s', (version, upstream) => {
    expect(upstreamVersion(version)).toBe(upstream)
  })
})
