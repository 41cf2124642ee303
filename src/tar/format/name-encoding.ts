/**
 * Names between bytes and text, without loss. A name is a string of bytes that need not be UTF-8; its text is the UTF-8
 * decoding, where each byte that belongs to no valid sequence stands as the lone surrogate U+DC00 + byte (U+DC80…U+DCFF), as
 * Python's `surrogateescape` does (PEP 383). Valid UTF-8 never decodes to a surrogate, so the two cannot be confused.
 */
import { isUtf8 } from 'node:buffer'
import { TarError } from '../tar-error.ts'

const escapeBase = 0xdc00

/** The text of a name's bytes. Never fails. */
export function decodeName(bytes: Uint8Array): string {
  return isUtf8(bytes) ? utf8Text(bytes) : decodeEscaping(bytes)
}

/** The bytes of a name's text. Throws `TarError` `TAR_INVALID_ENTRY` for a surrogate that stands for no byte. */
export function encodeName(name: string): Uint8Array {
  return hasLoneSurrogate(name) ? encodeEscaped(name) : Buffer.from(name, 'utf8')
}

/** Whether the name stands for bytes that are not UTF-8. */
export function hasLoneSurrogate(name: string): boolean {
  return /\p{Surrogate}/u.test(name)
}

function utf8Text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}

function decodeEscaping(bytes: Uint8Array): string {
  let text = ''
  let position = 0
  while (position < bytes.length) {
    const lead = bytes[position] as number
    const sequence = bytes.subarray(position, position + sequenceLength(lead))
    if (isUtf8(sequence)) {
      text += utf8Text(sequence)
      position += sequence.length
    } else {
      text += String.fromCharCode(escapeBase + lead)
      position++
    }
  }
  return text
}

function sequenceLength(lead: number): number {
  if (lead < 0xc0) return 1
  if (lead < 0xe0) return 2
  return lead < 0xf0 ? 3 : 4
}

function encodeEscaped(name: string): Uint8Array {
  const parts = Array.from(name, (character) => {
    if (!hasLoneSurrogate(character)) return Buffer.from(character, 'utf8')
    const byte = character.charCodeAt(0) - escapeBase
    if (byte >= 0x80 && byte <= 0xff) return Buffer.of(byte)
    throw new TarError('TAR_INVALID_ENTRY', `${JSON.stringify(name)} is not a name that bytes can hold`, {
      kind: 'usage',
      hint: 'it contains half of a UTF-16 surrogate pair',
    })
  })
  return Buffer.concat(parts)
}
