import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import { certificateStore } from './certificate-store.ts'
import type { DraftEntry } from './draft-entry.ts'
import { subjectHash } from './subject-hash.ts'

/** Certificates with blanks, capitals, several attributes in one name, IA5 and BMP text; with the hashes that OpenSSL gives. */
const testdata = readFileSync(new URL('testdata/certificates.pem', import.meta.url), 'utf8')
const samples = [
  ...testdata.matchAll(/subject_hash=(\w+)\n(-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n)/g),
].map(([, hash = '', pem = '']) => ({ hash, pem, der: new X509Certificate(pem).raw }))

describe('subjectHash', () => {
  it('is what OpenSSL says', () => {
    expect(samples.length).toBe(4)
    expect(samples.map(({ der }) => subjectHash(der))).toEqual(samples.map(({ hash }) => hash))
  })

  it('fails with a coded error, and nothing else, on certificates that are cut or changed', () => {
    const der = samples[0]?.der as Buffer
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const broken = cut ? der.subarray(0, at) : Buffer.from(der)
        if (!cut) broken[at] = byte
        try {
          expect(subjectHash(broken)).toMatch(/^[0-9a-f]{8}$/)
        } catch (error) {
          expect(error).toBeInstanceOf(DebianError)
        }
      }),
    )
  })
})

describe('certificateStore', () => {
  const pem = (at: number) => samples[at]?.pem ?? ''
  const textOf = async ({ content }: DraftEntry) =>
    Buffer.from(
      content ? await collect(content({ signal: new AbortController().signal }), 1e6, 'entry') : [],
    ).toString()

  it('has a bundle in the order of the names, ended by line ends, and the links', async () => {
    const store = certificateStore(
      new Map([
        ['mozilla/Zeta_(2).crt', Buffer.from(pem(0).trimEnd())],
        ['mozilla/Alpha, Inc.crt', Buffer.from(pem(1))],
        ['mozilla/Alpha_Again.crt', Buffer.from(pem(1))],
      ]),
    )
    const files = store.filter(({ type }) => type === 'file')
    expect(files.map(({ path }) => path)).toEqual([
      'etc/ca-certificates.conf',
      'etc/ssl/certs/ca-certificates.crt',
    ])
    expect(await Promise.all(files.map(textOf))).toEqual([
      'mozilla/Alpha, Inc.crt\nmozilla/Alpha_Again.crt\nmozilla/Zeta_(2).crt\n',
      pem(1) + pem(1) + pem(0),
    ])
    const links = store.filter(({ type }) => type === 'symlink')
    expect(links.map(({ path, linkPath }) => `${path.slice('etc/ssl/certs/'.length)} ${linkPath}`)).toEqual([
      'Alpha__Inc.pem /usr/share/ca-certificates/mozilla/Alpha, Inc.crt',
      'Alpha_Again.pem /usr/share/ca-certificates/mozilla/Alpha_Again.crt',
      'Zeta_=2=.pem /usr/share/ca-certificates/mozilla/Zeta_(2).crt',
      `${samples[1]?.hash}.0 Alpha_Again.pem`,
      `${samples[1]?.hash}.1 Alpha__Inc.pem`,
      `${samples[0]?.hash}.0 Zeta_=2=.pem`,
    ])
  })
})
