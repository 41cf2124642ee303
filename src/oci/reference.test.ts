import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  familiarReference,
  formatImageLocation,
  formatReference,
  parseImageLocation,
  parseReference,
} from './reference.ts'

const digest = `sha256:${'a1'.repeat(32)}`

describe('parseReference', () => {
  it.each([
    ['node', 'docker.io/library/node:latest'],
    ['node:22-slim', 'docker.io/library/node:22-slim'],
    ['acme/shop', 'docker.io/acme/shop:latest'],
    ['index.docker.io/library/node', 'docker.io/library/node:latest'],
    ['ghcr.io/acme/shop:1.4.0', 'ghcr.io/acme/shop:1.4.0'],
    ['localhost:5000/shop', 'localhost:5000/shop:latest'],
    ['localhost/shop', 'localhost/shop:latest'],
    ['127.0.0.1:5000/a/b/c:x', '127.0.0.1:5000/a/b/c:x'],
    ['[::1]:5000/a:x', '[::1]:5000/a:x'],
    [`ghcr.io/acme/shop@${digest}`, `ghcr.io/acme/shop@${digest}`],
    [`ghcr.io/acme/shop:1@${digest}`, `ghcr.io/acme/shop:1@${digest}`],
    ['a__b/c--d', 'docker.io/a__b/c--d:latest'],
  ])('%s is %s', (text, expected) => {
    expect(formatReference(parseReference(text))).toBe(expected)
  })

  it.each([
    '',
    ' ',
    'acme/Shop',
    'ghcr.io/Acme/shop',
    'a//b',
    'a/b:',
    'a/b:te st',
    'a@sha256:12',
    'ghcr.io/',
    ':x',
    'a@b@c',
    'a/-b',
    `a:${'x'.repeat(129)}`,
  ])('refuses %j', (text) => {
    expect(() => parseReference(text)).toThrow(expect.objectContaining({ kind: 'usage' }))
  })

  it('leaves out the tag when no default is wanted', () => {
    expect(parseReference('node', null)).toEqual({ registry: 'docker.io', repository: 'library/node' })
  })

  it('prints the short form that people write', () => {
    expect(familiarReference(parseReference('node:22'))).toBe('node:22')
    expect(familiarReference(parseReference('acme/shop:1'))).toBe('acme/shop:1')
    expect(familiarReference(parseReference('ghcr.io/acme/shop:1'))).toBe('ghcr.io/acme/shop:1')
  })

  it('never fails otherwise than with a coded error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        try {
          expect(formatReference(parseReference(formatReference(parseReference(text))))).toBeTypeOf('string')
        } catch (error) {
          expect(error).toMatchObject({ kind: 'usage' })
        }
      }),
    )
  })
})

describe('parseImageLocation', () => {
  it.each([
    ['ghcr.io/acme/shop:1', { transport: 'docker', reference: parseReference('ghcr.io/acme/shop:1') }],
    ['docker://node', { transport: 'docker', reference: parseReference('node') }],
    ['oci:out/image', { transport: 'oci', path: 'out/image' }],
    ['oci:out/image:1.0', { transport: 'oci', path: 'out/image', tag: '1.0' }],
    ['oci:C:\\out', { transport: 'oci', path: 'C:\\out' }],
    ['oci-archive:x.tar', { transport: 'oci-archive', path: 'x.tar' }],
    ['docker-archive:x.tar:a', { transport: 'docker-archive', path: 'x.tar', tag: 'a' }],
    ['docker-archive:C:\\x.tar', { transport: 'docker-archive', path: 'C:\\x.tar' }],
    [
      'docker-archive:out/x.tar:ghcr.io:443/acme/shop:1',
      { transport: 'docker-archive', path: 'out/x.tar', tag: 'ghcr.io:443/acme/shop:1' },
    ],
    ['docker-daemon:shop:dev', { transport: 'docker-daemon', reference: parseReference('shop:dev') }],
  ])('%s', (text, expected) => {
    expect(parseImageLocation(text)).toEqual(expected)
    expect(parseImageLocation(formatImageLocation(parseImageLocation(text)))).toEqual(expected)
  })

  it('wants a path', () => {
    expect(() => parseImageLocation('oci:')).toThrow(expect.objectContaining({ code: 'INVALID_REFERENCE' }))
  })
})
