/** Just enough of DER (ITU-T X.690) to take a certificate apart: elements with a tag, a length and contents. */
import { DebianError } from '../debian-error.ts'

export interface Element {
  tag: number
  /** the contents */
  value: Buffer
  /** tag, length and contents */
  whole: Buffer
}

export const tags = { sequence: 0x30, set: 0x31, objectIdentifier: 0x06, utf8String: 0x0c } as const

/** The elements that stand one after the other. Throws `DebianError` `DEBIAN_PACKAGE_MALFORMED`. */
export function elements(bytes: Buffer): Element[] {
  const found: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]
    const short = bytes[at + 1]
    if (tag === undefined || short === undefined) throw truncated()
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f
    const start = at + 2 + lengthBytes
    if (lengthBytes > 4 || short === 0x80 || start > bytes.length) throw truncated()
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at + 2, lengthBytes)
    const end = start + length
    if (end > bytes.length) throw truncated()
    found.push({ tag, value: bytes.subarray(start, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return found
}

/** An element with these contents. */
export function encode(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(contents)
  if (value.length < 0x80) return Buffer.concat([Buffer.from([tag, value.length]), value])
  const hex = value.length.toString(16)
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, value])
}

function truncated(): DebianError {
  return new DebianError('DEBIAN_PACKAGE_MALFORMED', 'a certificate of ca-certificates is not in DER', {
    kind: 'environment',
  })
}
