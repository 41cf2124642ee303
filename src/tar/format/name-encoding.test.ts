import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeName, encodeName } from './name-encoding.ts'

describe('decodeName', () => {
  it.each([
    ['ASCII', [0x61, 0x2f], 'a/'],
    ['UTF-8', [0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80], 'é😀'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['Latin-1', [0x63, 0x61, 0x66, 0xe9], 'caf\udce9'],
    ['a cut sequence', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['an overlong sequence', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['an encoded surrogate', [0xed, 0xb3, 0xa9], '\udced\udcb3\udca9'],
    ['bytes around a character', [0xff, 0xc3, 0xa9, 0x80], '\udcffé\udc80'],
  ])('reads %s', (_, bytes, text) => {
    expect(decodeName(Uint8Array.from(bytes))).toBe(text)
  })

  it('loses no byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(Uint8Array.from(encodeName(decodeName(bytes)))).toEqual(bytes)
      }),
    )
  })
})

describe('encodeName', () => {
  it('keeps every well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeName(encodeName(text))).toBe(text)
      }),
    )
  })

  it.each(['\ud800', '\udc7f', 'a\udd00'])('refuses a surrogate that stands for no byte', (text) => {
    expect(() => encodeName(text)).toThrow(expect.objectContaining({ code: 'TAR_INVALID_ENTRY' }))
  })
})
