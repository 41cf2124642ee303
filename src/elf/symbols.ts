/** The dynamic symbol table: what a file offers to others and what it asks of them (System V ABI, chapters 4 and 5). */
import { type DynamicSection, dynamicTags } from './dynamic-section.ts'
import type { ElfReader, Fields } from './elf-bytes.ts'
import { offsetOf, type Segment } from './header.ts'

export interface DynamicSymbol {
  name: string
  defined: boolean
  /** an undefined symbol that may stay so */
  weak: boolean
  address: number
}

const maxSymbols = 4_000_000

/** Tags whose tables a linker may put behind the symbols. */
const addressTags = [
  dynamicTags.strtab,
  dynamicTags.hash,
  dynamicTags.gnuHash,
  dynamicTags.rel,
  dynamicTags.rela,
  dynamicTags.versionSymbols,
  dynamicTags.versionDefinitions,
  dynamicTags.versionNeeds,
]

/** Symbols whose name passes `wanted`, which is asked with the string table and the name's offset in it (no text is made). */
export function readSymbols(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
  wanted: (strings: Uint8Array, at: number) => boolean,
): DynamicSymbol[] {
  const { strings } = dynamic
  const table = strings && symbolTable(dynamic, segments, reader)
  if (table === undefined || strings === undefined) return []
  const size = reader.wide ? 24 : 16
  const found: DynamicSymbol[] = []
  for (let at = size; at + size <= table.length; at += size) {
    const nameAt = table.u32(at)
    if (nameAt === 0 || !wanted(strings.bytes, nameAt)) continue
    const name = strings.text(nameAt)
    if (name === undefined) continue
    const info = table.u8(at + (reader.wide ? 4 : 12))
    found.push({
      name,
      defined: table.u16(at + (reader.wide ? 6 : 14)) !== 0,
      weak: info >> 4 === 2,
      address: table.word(at + (reader.wide ? 8 : 4)),
    })
  }
  return found
}

function symbolTable(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): Fields | undefined {
  const address = dynamic.value(dynamicTags.symtab)
  if (address === undefined) return undefined
  const count = countSymbols(dynamic, segments, reader)
  if (count === undefined || count === 0) return undefined
  if (count > maxSymbols) return (reader.note('the symbol table is larger than any real one'), undefined)
  const length = count * (reader.wide ? 24 : 16)
  const offset = offsetOf(segments, address, length)
  if (offset === undefined)
    return (reader.note('the symbol table lies outside of the loaded segments'), undefined)
  return reader.range(offset, length, 'the symbol table')
}

/** The table does not say its length; its hash tables do. */
function countSymbols(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): number | undefined {
  const at = (tag: number, skip: number, length: number, what: string) => {
    const address = dynamic.value(tag)
    const offset = address === undefined ? undefined : offsetOf(segments, address + skip, length)
    return offset === undefined ? undefined : reader.range(offset, length, what)
  }
  const sysv = at(dynamicTags.hash, 0, 8, 'the hash table')
  // s390x (and Alpha) have 64-bit words in it; a 32-bit count of 0 there is the upper half.
  if (sysv && sysv.u32(4) > 0 && !(reader.wide && !reader.little)) return sysv.u32(4)
  const gnu = at(dynamicTags.gnuHash, 0, 16, 'the GNU hash table')
  if (gnu) return countByGnuHash(gnu, dynamic, reader, at)
  return countByGap(dynamic, reader)
}

function countByGnuHash(
  head: Fields,
  dynamic: DynamicSection,
  reader: ElfReader,
  at: (tag: number, skip: number, length: number, what: string) => Fields | undefined,
): number | undefined {
  const [bucketCount, first, bloomWords] = [head.u32(0), head.u32(4), head.u32(8)]
  if (bucketCount > maxSymbols || bloomWords > maxSymbols)
    return (reader.note('the GNU hash table lies about its size'), undefined)
  const bucketsAt = 16 + bloomWords * (reader.wide ? 8 : 4)
  const buckets = at(dynamicTags.gnuHash, bucketsAt, bucketCount * 4, 'the GNU hash table')
  if (buckets === undefined) return undefined
  let last = 0
  for (let index = 0; index < bucketCount; index++) last = Math.max(last, buckets.u32(index * 4))
  if (last < first) return countByGap(dynamic, reader)
  // The last bucket's chain ends with the table: its final element has the lowest bit set.
  const chainsAt = bucketsAt + bucketCount * 4
  for (; last - first < maxSymbols; last++) {
    const link = at(dynamicTags.gnuHash, chainsAt + (last - first) * 4, 4, 'the GNU hash table')
    if (link === undefined) return undefined
    if ((link.u32(0) & 1) === 1) return last + 1
  }
  return undefined
}

/** Hash tables that list no symbol, because all are imports: the table ends at the latest where the next one begins. */
function countByGap(dynamic: DynamicSection, reader: ElfReader): number | undefined {
  const symbols = dynamic.value(dynamicTags.symtab) ?? 0
  const starts = addressTags.flatMap((tag) => dynamic.values(tag)).filter((address) => address > symbols)
  if (starts.length === 0) return undefined
  return Math.floor((Math.min(...starts) - symbols) / (reader.wide ? 24 : 16))
}
