import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPaxRecords, parsePaxRecords } from './pax-records.ts'

const text = (records: ReturnType<typeof parsePaxRecords>) =>
  records.map(({ key, value }) => [key, Buffer.from(value).toString('latin1')])

const key = fc.string({ minLength: 1, unit: 'grapheme' }).filter((name) => !name.includes('='))

describe('PAX records', () => {
  it('count their own length', () => {
    // 98 and 99 bytes beside the digits: the second number of digits differs from the first guess.
    const lengths = [1, 5, 6, 7, 90, 91, 92, 93, 94, 990, 991, 992, 993, 994]
    for (const length of lengths) {
      const bytes = formatPaxRecords([{ key: 'k', value: new Uint8Array(length).fill(0x76) }])
      expect(Number.parseInt(Buffer.from(bytes).toString('latin1'), 10)).toBe(bytes.length)
    }
  })

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ key, value: fc.uint8Array() })), (records) => {
        const parsed = parsePaxRecords(formatPaxRecords(records), 'here')
        expect(parsed.map(({ key, value }) => ({ key, value: Uint8Array.from(value) }))).toEqual(records)
      }),
    )
  })

  it('keep their order, repetitions and values with newlines', () => {
    expect(text(parsePaxRecords(Buffer.from('6 a=b\n8 a=b\nc\n5 a=\n'), 'here'))).toEqual([
      ['a', 'b'],
      ['a', 'b\nc'],
      ['a', ''],
    ])
  })

  it.each([
    'a',
    '6 a=b',
    '7 a=b\n',
    '5 a=b\n',
    '6 a=bb',
    '4 =\n',
    '5 ab\n',
    ' 6 a=b\n',
    '06 a=b\n',
    '-6 a=b\n',
    '6  a=b\n6 a=b\n',
    '99999999999999999999 a=b\n',
    '\0\0\0\0',
  ])('refuse %j', (broken) => {
    expect(() => parsePaxRecords(Buffer.from(broken), 'here')).toThrow(
      expect.objectContaining({ code: 'TAR_MALFORMED' }),
    )
  })
})
