import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestMatch,
  canServe,
  formatPlatform,
  parsePlatform,
  parsePlatforms,
  type Platform,
} from './platform.ts'

describe('parsePlatform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64'],
    ['amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['Linux/ARM64', 'linux/arm64'],
    ['linux/s390x', 'linux/s390x'],
    ['windows/amd64', 'windows/amd64'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatPlatform(parsePlatform(text))).toBe(expected)
  })

  it.each([
    ['linux/x86', 'linux/amd64'],
    ['linux/x64', 'linux/amd64'],
    ['linux/armv7', 'linux/arm/v7'],
    ['linux/arm64v8', 'linux/arm64'],
    ['linux/ppc64el', 'linux/ppc64le'],
    ['lnux/amd64', 'linux/amd64'],
    ['linux/arm64/v7', 'linux/arm64'],
  ])('refuses %s and suggests %s', (text, meant) => {
    expect(() => parsePlatform(text)).toThrow(
      expect.objectContaining({
        code: 'INVALID_PLATFORM',
        hint: expect.stringContaining(`did you mean ${meant}?`),
      }),
    )
  })

  it.each([
    '',
    '/',
    'linux/',
    'linux/amd64/',
    'linux/amd64/v9',
    'linux/amd64/v1/x',
    'linux',
    'nonsense/thing',
  ])('refuses %j', (text) => {
    expect(() => parsePlatform(text)).toThrow(expect.objectContaining({ code: 'INVALID_PLATFORM' }))
  })

  it('reads back what it prints', () => {
    const platforms = fc.constantFrom(
      'linux/amd64',
      'linux/amd64/v2',
      'linux/arm64',
      'linux/arm/v6',
      'linux/riscv64',
      'freebsd/amd64',
    )
    fc.assert(fc.property(platforms, (text) => formatPlatform(parsePlatform(text)) === text))
  })

  it('never fails otherwise than with its own error', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          formatPlatform(parsePlatform(text))
        } catch (error) {
          expect(error).toMatchObject({ code: 'INVALID_PLATFORM' })
        }
      }),
    )
  })
})

it('drops duplicates of a list and keeps its order', () => {
  expect(parsePlatforms('linux/arm64, amd64,linux/arm64/v8').map(formatPlatform)).toEqual([
    'linux/arm64',
    'linux/amd64',
  ])
})

describe('what serves what', () => {
  const platform = (text: string): Platform => parsePlatform(text)
  it.each([
    ['linux/arm/v6', 'linux/arm/v7', true],
    ['linux/arm/v7', 'linux/arm/v6', false],
    ['linux/amd64', 'linux/amd64/v3', true],
    ['linux/amd64/v3', 'linux/amd64', false],
    ['linux/arm/v7', 'linux/arm64', false],
    ['windows/amd64', 'linux/amd64', false],
  ])('%s on %s: %s', (offered, wanted, expected) => {
    expect(canServe(platform(offered), platform(wanted))).toBe(expected)
  })

  it('prefers the highest variant that fits', () => {
    const offers = ['linux/arm/v5', 'linux/arm/v7', 'linux/arm/v6'].map(platform)
    expect(bestMatch(offers, (offer) => offer, platform('linux/arm/v6'))).toEqual(platform('linux/arm/v6'))
    expect(bestMatch(offers, (offer) => offer, platform('linux/arm64'))).toBeUndefined()
  })
})
