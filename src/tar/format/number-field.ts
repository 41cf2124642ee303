/** Numbers of tar headers: octal text, or GNU's base-256 when the first byte has its high bit set. */

/** The value of a numeric field, 0 for an empty one; undefined when it is no number or too large to be exact. */
export function parseNumberField(field: Uint8Array): number | undefined {
  const first = field[0] ?? 0
  if (first & 0x80) return parseBase256(field, first)
  return parseOctal(field)
}

function parseOctal(field: Uint8Array): number | undefined {
  let position = 0
  while (isPadding(field[position])) position++
  let value = 0
  for (; position < field.length && !isPadding(field[position]); position++) {
    const digit = (field[position] as number) - 0x30
    if (digit < 0 || digit > 7) return undefined
    value = value * 8 + digit
  }
  return value
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0
}

/** Two's complement over all bits but the highest, which is the marker. */
function parseBase256(field: Uint8Array, first: number): number | undefined {
  const negative = (first & 0x40) !== 0
  const invert = negative ? 0xff : 0
  let value = (first ^ invert) & 0x7f
  for (let i = 1; i < field.length; i++) {
    value = value * 256 + ((field[i] as number) ^ invert)
    if (value > Number.MAX_SAFE_INTEGER) return undefined
  }
  return negative ? -1 - value : value
}

/** Whether a field of `width` bytes, the terminating NUL included, can hold the value in octal. */
export function fitsOctal(value: number, width: number): boolean {
  return value >= 0 && value < 8 ** (width - 1)
}

/** Zero-padded octal digits and a NUL, `width` bytes together. The value must fit. */
export function formatOctal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`
}
