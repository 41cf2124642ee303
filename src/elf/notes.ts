/** Notes: small typed records that compilers and linkers leave for loaders (Linux Extensions to gABI, "Notes"). */
import type { ElfReader, Fields } from './elf-bytes.ts'
import { type ElfHeader, type Segment, segmentTypes } from './header.ts'
import { machineNumbers } from './machine.ts'

/** The x86-64 microarchitecture levels (x86-64 psABI, "Micro-Architecture Levels"). */
export type X86Level = 'v1' | 'v2' | 'v3' | 'v4'

export interface Notes {
  /** hexadecimal */
  buildId?: string
  /** the level below which the loader refuses the file; absent when it says none */
  x86Level?: X86Level
  /** the vendor of an operating system that marks its files: `FreeBSD`, `Android`… */
  system?: string
}

const maxNoteBytes = 1024 * 1024
const gnuTypes = { buildId: 3, property: 5 } as const
const x86IsaNeeded = 0xc0008002
const systems = new Set(['FreeBSD', 'Android', 'NetBSD', 'OpenBSD'])

export function readNotes(header: ElfHeader, segments: readonly Segment[], reader: ElfReader): Notes {
  const notes: Notes = {}
  for (const segment of segments) {
    if (segment.type !== segmentTypes.note || segment.size > maxNoteBytes) continue
    const fields = reader.range(segment.offset, segment.size, 'a note')
    if (fields) readSegment(fields, header, notes)
  }
  return notes
}

function readSegment(fields: Fields, header: ElfHeader, notes: Notes): void {
  // Property notes are aligned to 8 in 64-bit files, all others to 4; the two never share a segment.
  for (let at = 0; at + 12 <= fields.length; ) {
    const [nameSize, size, type] = [fields.u32(at), fields.u32(at + 4), fields.u32(at + 8)]
    const owner = fields.slice(at + 12, nameSize).text(0)
    const contentAt = at + 12 + align(nameSize, 4)
    const content = fields.slice(contentAt, size)
    const isProperty = owner === 'GNU' && type === gnuTypes.property
    if (owner === 'GNU' && type === gnuTypes.buildId)
      notes.buildId = Buffer.from(content.bytes).toString('hex')
    if (isProperty && header.machine === machineNumbers.x86_64) readX86Level(content, header, notes)
    if (owner && systems.has(owner)) notes.system = owner
    at = contentAt + align(size, isProperty && header.wide ? 8 : 4)
  }
}

function readX86Level(content: Fields, header: ElfHeader, notes: Notes): void {
  for (let at = 0; at + 8 <= content.length; ) {
    const size = content.u32(at + 4)
    if (content.u32(at) === x86IsaNeeded) {
      const levels = ['v1', 'v2', 'v3', 'v4'] as const
      const highest = levels.findLast((_, bit) => (content.u32(at + 8) & (1 << bit)) !== 0)
      if (highest) notes.x86Level = highest
    }
    at += 8 + align(size, header.wide ? 8 : 4)
  }
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to
}
