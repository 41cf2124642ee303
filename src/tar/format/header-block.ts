/**
 * The 512-byte header block, common to v7, ustar (POSIX.1-1988), GNU and star:
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_06
 */
import { TarError } from '../tar-error.ts'
import { parseNumberField } from './number-field.ts'

export const blockSize = 512

/** Offset and length of each field. */
export const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  typeflag: [156, 1],
  linkName: [157, 100],
  magic: [257, 8],
  uname: [265, 32],
  gname: [297, 32],
  devmajor: [329, 8],
  devminor: [337, 8],
  prefix: [345, 155],
  starPrefix: [345, 131],
  starMagic: [508, 4],
} as const

export type Field = keyof typeof fields

/** Which of the historical layouts a block has; they differ in what follows the magic number. */
export type HeaderFormat = 'v7' | 'ustar' | 'gnu' | 'star'

/** A header block's fields as they stand, before extended headers change them. Byte strings end before their first NUL. */
export interface HeaderBlock {
  format: HeaderFormat
  typeflag: string
  name: Uint8Array
  prefix: Uint8Array
  linkName: Uint8Array
  uname: Uint8Array
  gname: Uint8Array
  mode: number
  uid: number
  gid: number
  size: number
  mtime: number
  devmajor: number
  devminor: number
}

/** Zero bytes from the end of `size` bytes of content to the next block. */
export function paddingOf(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize
}

const noBytes = new Uint8Array(0)
const zeros = Buffer.alloc(blockSize)

export function isZeroBlock(block: Uint8Array): boolean {
  return zeros.equals(block)
}

/** Parses a header block; `where` begins the message of the `TarError` `TAR_MALFORMED` for one that is none. */
export function parseHeaderBlock(block: Uint8Array, where: string): HeaderBlock {
  const malformed = (what: string) =>
    new TarError('TAR_MALFORMED', `${where}: ${what}`, { kind: 'environment' })
  if (!checksumMatches(block)) throw malformed('no tar header (its checksum does not match)')
  const number = (field: Field): number => {
    const value = parseNumberField(slice(block, field))
    if (value === undefined) throw malformed(`the header's ${field} is not a number`)
    return value
  }
  const count = (field: Field): number => {
    const value = number(field)
    if (value < 0) throw malformed(`the header's ${field} is negative`)
    return value
  }
  const format = formatOf(block)
  const named = format !== 'v7'
  return {
    format,
    typeflag: String.fromCharCode(block[fields.typeflag[0]] as number),
    name: text(block, 'name'),
    prefix: prefixOf(block, format),
    linkName: text(block, 'linkName'),
    uname: named ? text(block, 'uname') : noBytes,
    gname: named ? text(block, 'gname') : noBytes,
    mode: count('mode') & 0o7777,
    uid: count('uid'),
    gid: count('gid'),
    size: count('size'),
    mtime: number('mtime'),
    devmajor: named ? count('devmajor') : 0,
    devminor: named ? count('devminor') : 0,
  }
}

/** The sum of all bytes, the checksum field itself read as spaces. */
export function checksumOf(block: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < blockSize; i++) sum += isChecksumByte(i) ? 0x20 : (block[i] as number)
  return sum
}

/** Old writers summed signed bytes; both sums are accepted. */
function checksumMatches(block: Uint8Array): boolean {
  const stated = parseNumberField(slice(block, 'checksum'))
  if (stated === undefined) return false
  const sum = checksumOf(block)
  if (stated === sum) return true
  let high = 0
  for (let i = 0; i < blockSize; i++) if (!isChecksumByte(i) && (block[i] as number) >= 0x80) high++
  return stated === sum - 256 * high
}

function isChecksumByte(index: number): boolean {
  return index >= 148 && index < 156
}

function formatOf(block: Uint8Array): HeaderFormat {
  const magic = latin1(slice(block, 'magic'))
  if (magic === 'ustar  \0') return 'gnu'
  if (!magic.startsWith('ustar\0')) return 'v7'
  return latin1(slice(block, 'starMagic')) === 'tar\0' ? 'star' : 'ustar'
}

function prefixOf(block: Uint8Array, format: HeaderFormat): Uint8Array {
  if (format === 'ustar') return text(block, 'prefix')
  // GNU keeps times and a sparse map where ustar has its prefix.
  return format === 'star' ? text(block, 'starPrefix') : noBytes
}

function slice(block: Uint8Array, field: Field): Uint8Array {
  const [offset, length] = fields[field]
  return block.subarray(offset, offset + length)
}

function text(block: Uint8Array, field: Field): Uint8Array {
  const bytes = slice(block, field)
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}
