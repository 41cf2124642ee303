/** Symbol versions that a file needs and defines (Linux Standard Base, "Symbol Versioning"). */
import { type DynamicSection, dynamicTags } from './dynamic-section.ts'
import type { ElfReader, Fields } from './elf-bytes.ts'
import { offsetOf, type Segment } from './header.ts'

/** Versions that a library must define for this file to be loaded. */
export interface VersionNeed {
  /** the library's soname, as in `needed` */
  library: string
  /** such as `GLIBC_2.34`; weak ones, whose absence the loader forgives, are left out */
  versions: string[]
}

const maxRecords = 4096
/** Records may overlap, so that a small file could name millions; glibc's own libraries stay below 100. */
const maxVersions = 16_384
const weakFlag = 2

export function readVersionNeeds(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): VersionNeed[] {
  const needs: VersionNeed[] = []
  let allowed = maxVersions
  const table = tableAt(dynamic, segments, reader, dynamicTags.versionNeeds)
  const count = dynamic.value(dynamicTags.versionNeedCount) ?? 0
  if (table === undefined) return needs
  for (const at of records(table, count, 16, 12)) {
    const library = dynamic.text(table.u32(at + 4), 'a library of the version needs') ?? ''
    const versions = [...records(table, Math.min(table.u16(at + 2), allowed), 16, 12, at + table.u32(at + 8))]
      .filter((entry) => (table.u16(entry + 4) & weakFlag) === 0)
      .map((entry) => dynamic.text(table.u32(entry + 8), 'a needed version') ?? '')
      .filter((name) => name !== '')
    allowed -= versions.length
    needs.push({ library, versions })
  }
  return needs
}

/** The versions that this file defines, its own name (the base definition) left out. */
export function readVersionDefinitions(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): string[] {
  const names: string[] = []
  const table = tableAt(dynamic, segments, reader, dynamicTags.versionDefinitions)
  const count = dynamic.value(dynamicTags.versionDefinitionCount) ?? 0
  if (table === undefined) return names
  for (const at of records(table, count, 20, 16)) {
    const isBase = (table.u16(at + 2) & 1) === 1
    const name = dynamic.text(table.u32(at + table.u32(at + 12)), 'a defined version')
    if (!isBase && name) names.push(name)
  }
  return names
}

/** The rest of the segment from where a tag points: the tables are chains, they do not say their size. */
function tableAt(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
  tag: number,
): Fields | undefined {
  const address = dynamic.value(tag)
  if (address === undefined) return undefined
  const offset = offsetOf(segments, address)
  const segment = segments.find(
    (candidate) => offset !== undefined && offsetOf([candidate], address) !== undefined,
  )
  if (offset === undefined || segment === undefined) {
    reader.note('a table of symbol versions lies outside of the loaded segments')
    return undefined
  }
  const length = Math.min(segment.offset + segment.size - offset, reader.size - offset, maxRecords * 64)
  return reader.range(offset, length, 'a table of symbol versions')
}

/** Offsets of the records of a chain: each says how far the next one is. Ends at 0, at the table's end, at `count`. */
function* records(table: Fields, count: number, size: number, nextAt: number, start = 0): Generator<number> {
  let at = start
  for (let index = 0; index < Math.min(count, maxRecords); index++) {
    if (at + size > table.length) return
    yield at
    const next = table.u32(at + nextAt)
    if (next === 0) return
    at += next
  }
}
