import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitsOctal, formatOctal, parseNumberField } from './number-field.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('parseNumberField', () => {
  it.each([
    ['0000644\0', 0o644],
    ['0000644 ', 0o644],
    ['    644\0', 0o644],
    ['\x00\x00\x00644\0', 0o644],
    ['77777777', 0o77777777],
    ['644\0junk', 0o644],
    ['\0\0\0\0\0\0\0\0', 0],
    ['', 0],
    ['\x80\0\0\0\0\0\0\x05', 5],
    ['\x80\0\0\0\0\x20\0\0', 0x200000],
    ['\xff\xff\xff\xff\xff\xff\xff\xff', -1],
    ['\xff\xff\xff\xff\xff\xff\xff\0', -256],
    ['\x80\0\0\0\0\x1f\xff\xff\xff\xff\xff\xff', Number.MAX_SAFE_INTEGER],
  ])('reads %j', (text, value) => {
    expect(parseNumberField(bytes(text))).toBe(value)
  })

  it.each(['0000648\0', '-000644\0', '0x1\0', 'abc\0', '\x80\0\0\0\0\x20\0\0\0\0\0\0', '\xbf'.repeat(12)])(
    'refuses %j',
    (text) => {
      expect(parseNumberField(bytes(text))).toBeUndefined()
    },
  )

  it('reads what was written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0o7777777 }), fc.constantFrom(8, 12), (value, width) => {
        expect(formatOctal(value, width)).toHaveLength(width)
        expect(parseNumberField(bytes(formatOctal(value, width)))).toBe(value)
      }),
    )
  })

  it('never fails', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (field) => {
        const value = parseNumberField(field)
        expect(value === undefined || Number.isSafeInteger(value)).toBe(true)
      }),
    )
  })
})

it('knows what fits', () => {
  expect([0, 0o7777777, 0o10000000, -1].map((value) => fitsOctal(value, 8))).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect([8 * 2 ** 30 - 1, 8 * 2 ** 30].map((value) => fitsOctal(value, 12))).toEqual([true, false])
})
