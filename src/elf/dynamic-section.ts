/** The dynamic section: what the loader is told (System V ABI, chapter 5, "Dynamic Section"). */
import type { ElfReader, Fields } from './elf-bytes.ts'
import { offsetOf, type Segment, segmentTypes } from './header.ts'

export const dynamicTags = {
  needed: 1,
  hash: 4,
  strtab: 5,
  symtab: 6,
  rela: 7,
  relaSize: 8,
  strSize: 10,
  symEntrySize: 11,
  soname: 14,
  rpath: 15,
  rel: 17,
  relSize: 18,
  runpath: 29,
  flags1: 0x6ffffffb,
  gnuHash: 0x6ffffef5,
  versionSymbols: 0x6ffffff0,
  versionDefinitions: 0x6ffffffc,
  versionDefinitionCount: 0x6ffffffd,
  versionNeeds: 0x6ffffffe,
  versionNeedCount: 0x6fffffff,
} as const

/** The section's entries, and the string table that they name texts in. */
export interface DynamicSection {
  /** the first value of a tag */
  value(tag: number): number | undefined
  /** every value of a tag, in order */
  values(tag: number): number[]
  /** a text of the string table; undefined (noted) when the offset leads nowhere */
  text(offset: number, what: string): string | undefined
  strings: Fields | undefined
}

const maxEntries = 65_536

export function readDynamicSection(
  segments: readonly Segment[],
  reader: ElfReader,
): DynamicSection | undefined {
  const segment = segments.find(({ type }) => type === segmentTypes.dynamic)
  if (segment === undefined || segment.size === 0) return undefined
  const entrySize = reader.wide ? 16 : 8
  const length = Math.min(segment.size - (segment.size % entrySize), maxEntries * entrySize)
  const fields = reader.range(segment.offset, length, 'the dynamic section')
  if (fields === undefined) return undefined
  const entries = readEntries(fields, entrySize)
  const value = (tag: number) => entries.get(tag)?.[0]
  const strings = readStrings(segments, reader, value(dynamicTags.strtab), value(dynamicTags.strSize))
  return {
    value,
    values: (tag) => entries.get(tag) ?? [],
    strings,
    text: (offset, what) => {
      const text = strings?.text(offset)
      if (text === undefined && strings) reader.note(`${what} is outside of the string table`)
      return text
    },
  }
}

function readEntries(fields: Fields, entrySize: number): Map<number, number[]> {
  const entries = new Map<number, number[]>()
  for (let at = 0; at < fields.length; at += entrySize) {
    const tag = fields.word(at)
    if (tag === 0) break
    const values = entries.get(tag) ?? []
    if (values.length === 0) entries.set(tag, values)
    values.push(fields.word(at + entrySize / 2))
  }
  return entries
}

function readStrings(
  segments: readonly Segment[],
  reader: ElfReader,
  address: number | undefined,
  size: number | undefined,
): Fields | undefined {
  if (address === undefined || size === undefined) return undefined
  const offset = offsetOf(segments, address, size)
  if (offset === undefined)
    return (reader.note('the string table lies outside of the loaded segments'), undefined)
  return reader.range(offset, size, 'the string table')
}
