/** ELF header, program headers and section headers (System V ABI, chapters 4 and 5). */
import { type ElfBytes, ElfReader } from './elf-bytes.ts'

export interface ElfHeader {
  wide: boolean
  little: boolean
  osAbi: number
  type: number
  machine: number
  flags: number
  programHeaders: { offset: number; size: number; count: number }
  sectionHeaders: { offset: number; size: number; count: number; names: number }
}

export interface Segment {
  type: number
  flags: number
  offset: number
  address: number
  /** bytes in the file */
  size: number
}

export interface Section {
  name: string
  type: number
  offset: number
  size: number
}

export const segmentTypes = { load: 1, dynamic: 2, interpreter: 3, note: 4, gnuProperty: 0x6474e553 } as const

const magic = [0x7f, 0x45, 0x4c, 0x46] // \x7fELF
/** Linux refuses to start a program with more than 64 KiB of them. */
const maxSegments = 1170

/** Whether bytes begin as an ELF file does. */
export function isElf(bytes: Uint8Array): boolean {
  return magic.every((byte, at) => bytes[at] === byte)
}

/** The header, and a reader that knows the file's layout; undefined when this is no ELF file of a known class. */
export function readHeader(bytes: ElfBytes): { header: ElfHeader; reader: ElfReader } | undefined {
  if (bytes.size < 16) return undefined
  const identity = bytes.read(0, 16)
  if (identity === undefined || !isElf(identity)) return undefined
  const [elfClass, encoding, , osAbi = 0] = identity.subarray(4)
  if ((elfClass !== 1 && elfClass !== 2) || (encoding !== 1 && encoding !== 2)) return undefined
  const wide = elfClass === 2
  const reader = new ElfReader(bytes, { wide, little: encoding === 1 })
  const fields = reader.range(0, Math.min(wide ? 64 : 52, bytes.size), 'the header')
  if (fields === undefined) return undefined
  if (fields.length < (wide ? 64 : 52)) reader.note('the header is cut off')
  const sizes = wide ? 52 : 40
  const header: ElfHeader = {
    wide,
    little: reader.little,
    osAbi,
    type: fields.u16(16),
    machine: fields.u16(18),
    flags: fields.u32(wide ? 48 : 36),
    programHeaders: {
      offset: fields.word(wide ? 32 : 28),
      size: fields.u16(sizes + 2),
      count: fields.u16(sizes + 4),
    },
    sectionHeaders: {
      offset: fields.word(wide ? 40 : 32),
      size: fields.u16(sizes + 6),
      count: fields.u16(sizes + 8),
      names: fields.u16(sizes + 10),
    },
  }
  return { header, reader }
}

/** All program headers; an empty list when there are none or they cannot be read. */
export function readSegments(header: ElfHeader, reader: ElfReader): Segment[] {
  const { offset, size, count } = header.programHeaders
  if (count === 0) return []
  if (size < (header.wide ? 56 : 32)) return (reader.note('the program headers are too small'), [])
  const table = reader.range(offset, size * Math.min(count, maxSegments), 'the program header table')
  if (table === undefined) return []
  return Array.from({ length: table.length / size }, (_, index) => {
    const fields = table.slice(index * size, size)
    return {
      type: fields.u32(0),
      flags: fields.u32(header.wide ? 4 : 24),
      offset: fields.word(header.wide ? 8 : 4),
      address: fields.word(header.wide ? 16 : 8),
      size: fields.word(header.wide ? 32 : 16),
    }
  })
}

/** All section headers with their names. Most files run without them: none is no damage. */
export function readSections(header: ElfHeader, reader: ElfReader): Section[] {
  const { offset, size, count, names } = header.sectionHeaders
  if (offset === 0 || count === 0 || size < (header.wide ? 64 : 40)) return []
  const table = reader.range(offset, size * count, 'the section header table')
  if (table === undefined) return []
  const raw = Array.from({ length: count }, (_, index) => {
    const fields = table.slice(index * size, size)
    return {
      nameAt: fields.u32(0),
      type: fields.u32(4),
      offset: fields.word(header.wide ? 24 : 16),
      size: fields.word(header.wide ? 32 : 20),
    }
  })
  const nameTable = raw[names]
  const text = nameTable && reader.range(nameTable.offset, nameTable.size, 'the table of section names')
  return raw.map(({ nameAt, ...section }) => ({ name: text?.text(nameAt) ?? '', ...section }))
}

/** Where a virtual address lies in the file; undefined when no loaded segment holds `length` bytes at it. */
export function offsetOf(segments: readonly Segment[], address: number, length = 1): number | undefined {
  const segment = segments.find(
    ({ type, address: start, size }) =>
      type === segmentTypes.load && address >= start && address + length <= start + size,
  )
  return segment && segment.offset + (address - segment.address)
}
