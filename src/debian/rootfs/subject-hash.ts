/**
 * The name under which OpenSSL looks for a certificate in a folder (`openssl x509 -subject_hash`, OpenSSL 1.0 and later): the
 * first four bytes, read as a little-endian number, of the SHA-1 over the subject's relative distinguished names in
 * canonical form, in which text is UTF-8, lower case, without blanks around it and with one blank for several.
 */
import { createHash } from 'node:crypto'
import { type Element, elements, encode, tags } from './der.ts'

/** Eight hexadecimal digits for a certificate in DER. Throws `DebianError` `DEBIAN_PACKAGE_MALFORMED`. */
export function subjectHash(certificate: Buffer): string {
  const [outer] = elements(certificate)
  const [toBeSigned] = elements(outer?.value ?? Buffer.alloc(0))
  const fields = elements(toBeSigned?.value ?? Buffer.alloc(0))
  // version [0] is optional; then serial number, algorithm, issuer, validity, subject (RFC 5280, section 4.1)
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4]
  const names = elements(subject?.value ?? Buffer.alloc(0)).map(canonicalName)
  return createHash('sha1')
    .update(Buffer.concat(names))
    .digest()
    .readUInt32LE(0)
    .toString(16)
    .padStart(8, '0')
}

/** A relative distinguished name: a set of attributes, each a type and a value. */
function canonicalName(name: Element): Buffer {
  const attributes = elements(name.value).map((attribute) => {
    const [type, value] = elements(attribute.value)
    const parts = [type, value].filter((part) => part !== undefined)
    return encode(tags.sequence, ...parts.map((part) => (part === value ? canonicalValue(part) : part.whole)))
  })
  return encode(tags.set, ...attributes.sort(Buffer.compare))
}

function canonicalValue(element: Element): Buffer {
  const text = textOf(element)
  if (text === undefined) return element.whole
  const folded = text
    .replace(/^[\t-\r ]+|[\t-\r ]+$/g, '')
    .replace(/[\t-\r ]+/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return encode(tags.utf8String, Buffer.from(folded, 'utf8'))
}

/** The text of those string types that OpenSSL makes canonical; undefined for others, which are compared as they are. */
function textOf({ tag, value }: Element): string | undefined {
  switch (tag) {
    case 0x0c: // UTF8String
      return value.toString('utf8')
    case 0x13: // PrintableString
    case 0x14: // T61String
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return value.toString('latin1')
    case 0x1c: // UniversalString
      return wideText(value, 4)
    case 0x1e: // BMPString
      return wideText(value, 2)
    default:
      return undefined
  }
}

/** Text whose characters have a fixed width, most significant byte first. */
function wideText(value: Buffer, width: 2 | 4): string {
  let text = ''
  for (let at = 0; at + width <= value.length; at += width)
    text += String.fromCodePoint(value.readUIntBE(at, width))
  return text
}
