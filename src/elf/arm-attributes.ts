/** Build attributes of 32-bit Arm files (Addenda to the ABI for the Arm Architecture: "Build Attributes"). */
import type { ElfReader, Fields } from './elf-bytes.ts'
import { type ElfHeader, readSections } from './header.ts'
import { machineNumbers } from './machine.ts'

export interface ArmFacts {
  /** how floating-point arguments are passed; files of the two kinds cannot be mixed */
  floatAbi?: 'hard' | 'soft'
  /** the architecture version that the code was compiled for: 4…8 */
  architecture?: number
}

const attributesType = 0x70000003
const hardFloat = 0x400
const softFloat = 0x200
const tags = { file: 1, cpuRawName: 4, cpuName: 5, cpuArch: 6, compatibility: 32, vfpArguments: 28 } as const

/** Values of Tag_CPU_arch, by position. */
const architectures = [3, 4, 4, 5, 5, 5, 6, 6, 6, 6, 7, 6, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 9]

/** What an Arm file was compiled for; undefined for every other machine. */
export function readArmFacts(header: ElfHeader, reader: ElfReader): ArmFacts | undefined {
  if (header.machine !== machineNumbers.arm) return undefined
  const section = readSections(header, reader).find(({ type }) => type === attributesType)
  const fields = section && reader.range(section.offset, Math.min(section.size, 65_536), 'the Arm attributes')
  const attributes = fields ? readAttributes(fields) : new Map<number, number>()
  const architecture = architectures[attributes.get(tags.cpuArch) ?? -1]
  const byFlags = header.flags & hardFloat ? 'hard' : header.flags & softFloat ? 'soft' : undefined
  const byArguments = attributes.get(tags.vfpArguments) === 1 ? 'hard' : 'soft'
  const floatAbi = byFlags ?? (attributes.size > 0 ? byArguments : undefined)
  return { ...(floatAbi ? { floatAbi } : {}), ...(architecture ? { architecture } : {}) }
}

/** The file-wide numbers of the `aeabi` vendor. */
function readAttributes(fields: Fields): Map<number, number> {
  const attributes = new Map<number, number>()
  if (fields.u8(0) !== 0x41) return attributes // format version 'A'
  for (let at = 1; at + 4 <= fields.length; ) {
    const size = fields.u32(at)
    if (size < 5) break
    const vendor = fields.slice(at + 4, size - 4).text(0)
    if (vendor === 'aeabi') readSubsections(fields.slice(at + 10, size - 10), attributes)
    at += size
  }
  return attributes
}

function readSubsections(fields: Fields, attributes: Map<number, number>): void {
  for (let at = 0; at + 5 <= fields.length; ) {
    const size = fields.u32(at + 1)
    if (size < 5) break
    if (fields.u8(at) === tags.file) readPairs(fields.slice(at + 5, size - 5), attributes)
    at += size
  }
}

/** Pairs of tag and value: texts for two known tags and for odd ones above 32, both for `compatibility`, else numbers. */
function readPairs(fields: Fields, attributes: Map<number, number>): void {
  let at = 0
  const number = () => {
    let value = 0
    for (let shift = 0; at < fields.length; shift += 7) {
      const byte = fields.u8(at++)
      if (shift < 28) value += (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value
  }
  while (at < fields.length) {
    const tag = number()
    const isText = tag === tags.cpuName || tag === tags.cpuRawName || (tag > 32 && tag % 2 === 1)
    if (!isText) attributes.set(tag, number())
    if (isText || tag === tags.compatibility) {
      const end = fields.bytes.indexOf(0, at)
      if (end < 0) return
      at = end + 1
    }
  }
}
