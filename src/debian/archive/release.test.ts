import { describe, expect, it } from 'vitest'
import type { Archive } from './archive.ts'
import { checkRelease, isExpired, parseRelease } from './release.ts'

const sum = 'a'.repeat(64)
const text = `Origin: Debian
Suite: oldstable-security
Codename: bookworm-security
Version: 12
Date: Sat, 21 Nov 2026 00:53:02 UTC
Valid-Until: Sat, 28 Nov 2026 00:53:02 UTC
Acquire-By-Hash: yes
Architectures: amd64 arm64
MD5Sum:
 d41d8cd98f00b204e9800998ecf8427e 0 main/binary-amd64/Packages
SHA256:
 ${sum} 12 contrib/binary-amd64/Packages
 ${sum}     1234 main/binary-amd64/Packages
 ${sum} 99 main/binary-amd64/Packages.gz
`
const archive: Archive = {
  uri: 'https://m.example/debian-security',
  suite: 'bookworm-security',
  trust: [{ kind: 'debian' }],
  checkValidUntil: true,
  checkDate: true,
}
const at = (time: string) => ({ now: new Date(time), what: 'InRelease' })

describe('parseRelease', () => {
  it('reads what is used of an index', () => {
    const release = parseRelease(text, 'InRelease')
    expect(release).toMatchObject({
      origin: 'Debian',
      suite: 'oldstable-security',
      codename: 'bookworm-security',
      version: '12',
      date: new Date('2026-11-21T00:53:02Z'),
      validUntil: new Date('2026-11-28T00:53:02Z'),
      acquireByHash: true,
      architectures: ['amd64', 'arm64'],
      separateAll: false,
    })
    expect([...release.files]).toEqual([
      ['main/binary-amd64/Packages', { sha256: sum, size: 1234 }],
      ['main/binary-amd64/Packages.gz', { sha256: sum, size: 99 }],
    ])
  })

  it('knows whether packages for all architectures have an index of their own', () => {
    const all = text.replace('Architectures: ', 'Architectures: all ')
    expect(parseRelease(all, 'InRelease').separateAll).toBe(true)
    expect(parseRelease(`No-Support-for-Architecture-all: Packages\n${all}`, 'InRelease').separateAll).toBe(
      false,
    )
  })

  it.each([
    ['', 'InRelease: is empty'],
    [text.replace(/^Date.*\n/m, ''), 'InRelease: has no date'],
    [text.replace('Sat, 28 Nov 2026 00:53:02 UTC', 'soon'), 'InRelease: valid-until "soon" is no date'],
    [text.replace(/SHA256:[\s\S]*/, ''), 'InRelease: lists no SHA256 checksums'],
  ])('refuses what lacks something', (broken, message) => {
    expect(() => parseRelease(broken, 'InRelease')).toThrow(message)
  })
})

describe('checkRelease', () => {
  const release = parseRelease(text, 'InRelease')

  it('accepts an index of its time, by codename or suite', () => {
    const byName = (suite: string, time: string) => () =>
      checkRelease(release, { ...archive, suite }, at(time))
    expect(byName('bookworm-security', '2026-11-21T00:00:00Z')).not.toThrow()
    expect(byName('oldstable-security', '2026-11-28T00:53:02Z')).not.toThrow()
  })

  it.each([
    ['2026-11-28T00:53:03Z', 'InRelease expired on 2026-11-28T00:53:02.000Z', { checkValidUntil: false }],
    [
      '2026-11-20T20:00:00Z',
      'InRelease was made in the future, on 2026-11-21T00:53:02.000Z',
      { checkDate: false },
    ],
  ])('refuses it at %s, unless told not to check', (time, message, unchecked) => {
    expect(() => checkRelease(release, archive, at(time))).toThrow(
      expect.objectContaining({ code: 'DEBIAN_INDEX_EXPIRED', message }),
    )
    checkRelease(release, { ...archive, ...unchecked }, at(time))
    expect(isExpired(release, new Date(time))).toBe(message.includes('expired'))
  })

  it('refuses the index of another suite', () => {
    const wanted = { ...archive, suite: 'trixie-security' }
    expect(() => checkRelease(release, wanted, at('2026-11-21T00:53:02Z'))).toThrow(
      expect.objectContaining({
        code: 'DEBIAN_INDEX_MALFORMED',
        message: 'InRelease is the index of bookworm-security or oldstable-security',
      }),
    )
  })
})
