/**
 * The Node ABI of addons that register themselves (`NODE_MODULE` without a context): it stands in no symbol, only in the
 * first field of a static `node::node_module` record, which the loader fills with pointers:
 *
 *     int nm_version; unsigned nm_flags; void* nm_dso_handle; const char* nm_filename;
 *     register_func; context_register_func; const char* nm_modname; void* nm_priv; node_module* nm_link;
 *
 * The record is found by its pointers: two relocations, three words apart, that lead to a source file's name and to a
 * module's name, behind a plausible version, zero flags and a null handle.
 */
import { type DynamicSection, dynamicTags } from './dynamic-section.ts'
import type { ElfReader, Fields } from './elf-bytes.ts'
import { type ElfHeader, offsetOf, type Segment } from './header.ts'
import { machineNumbers } from './machine.ts'

const maxRelocations = 300_000
const relativeTypes: Record<number, number> = {
  [machineNumbers.x86_64]: 8,
  [machineNumbers.i386]: 8,
  [machineNumbers.arm]: 23,
  [machineNumbers.aarch64]: 1027,
}

/** NODE_MODULE_VERSION of the record; undefined when the file has none that is recognised. */
export function readModuleRecord(
  header: ElfHeader,
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
): number | undefined {
  const relative = relativeTypes[header.machine]
  if (relative === undefined) return undefined
  const word = reader.wide ? 8 : 4
  const pointers = readPointers(dynamic, segments, reader, relative)
  const at = (address: number, length: number): Fields | undefined => {
    const offset = offsetOf(segments, address, length)
    return offset === undefined || offset + length > reader.size
      ? undefined
      : reader.range(offset, length, 'a module record')
  }
  const text = (pointer: number | undefined): string | undefined => {
    const offset = pointer === undefined ? undefined : offsetOf(segments, pointer)
    if (offset === undefined || offset >= reader.size) return undefined
    return reader.range(offset, Math.min(1024, reader.size - offset), 'a module record')?.text(0, 1023)
  }
  for (const [address, pointer] of pointers) {
    const record = address - 8 - word // nm_filename follows two 32-bit fields and one pointer
    const fields = at(record, 8 + word)
    if (fields === undefined || fields.u32(4) !== 0 || fields.word(8) !== 0) continue
    const version = fields.u32(0)
    if (version < 40 || version > 2000) continue
    const isSource = /\.(?:c|cc|cpp|cxx|mm)$/i.test(text(pointer) ?? '')
    if (isSource && /^[\w.-]{1,128}$/.test(text(pointers.get(address + 3 * word)) ?? '')) return version
  }
  return undefined
}

/** Addresses that the loader fills with a pointer into this file, with that pointer. */
function readPointers(
  dynamic: DynamicSection,
  segments: readonly Segment[],
  reader: ElfReader,
  relative: number,
): Map<number, number> {
  const word = reader.wide ? 8 : 4
  const withAddend = dynamic.value(dynamicTags.rela) !== undefined
  const start = dynamic.value(withAddend ? dynamicTags.rela : dynamicTags.rel)
  const size = dynamic.value(withAddend ? dynamicTags.relaSize : dynamicTags.relSize) ?? 0
  const entrySize = withAddend ? 3 * word : 2 * word
  const length = Math.min(size - (size % entrySize), maxRelocations * entrySize)
  const offset = start === undefined ? undefined : offsetOf(segments, start, length)
  const table = offset === undefined ? undefined : reader.range(offset, length, 'the relocations')
  const pointers = new Map<number, number>()
  if (table === undefined) return pointers
  for (let at = 0; at < table.length; at += entrySize) {
    const type = reader.wide ? table.u32(reader.little ? at + 8 : at + 12) : table.u32(at + 4) & 0xff
    if (type !== relative) continue
    const address = table.word(at)
    const pointer = withAddend ? table.word(at + 2 * word) : inPlace(address, segments, reader)
    if (pointer !== undefined) pointers.set(address, pointer)
  }
  return pointers
}

function inPlace(address: number, segments: readonly Segment[], reader: ElfReader): number | undefined {
  const offset = offsetOf(segments, address, 4)
  return offset === undefined ? undefined : reader.range(offset, 4, 'a relocated word')?.word(0)
}
