/**
 * ELF files from their bytes: what a loader, a kernel and Node would ask of one. Every value is read defensively: a file that
 * is cut off or lies about its offsets gives what could be read and says so in `damage`; nothing here throws.
 */
import { type AddonFacts, readNodeSymbols } from './addon.ts'
import { type ArmFacts, readArmFacts } from './arm-attributes.ts'
import { type DynamicSection, dynamicTags, readDynamicSection } from './dynamic-section.ts'
import { type ByteRange, type ElfBytes, type ElfReader, wholeFile } from './elf-bytes.ts'
import { readHeader, readSegments, type Segment, segmentTypes } from './header.ts'
import { type Libc, libcOf } from './libc.ts'
import { architectureOf, machineName } from './machine.ts'
import { type Notes, readNotes } from './notes.ts'
import { readVersionDefinitions, readVersionNeeds, type VersionNeed } from './symbol-versions.ts'

export interface Elf {
  class: 32 | 64
  endianness: 'little' | 'big'
  /** `e_machine` */
  machine: number
  /** `x86-64`, `AArch64`, `ARM`… */
  machineName: string
  /** Go's name of the architecture; absent when no platform has it */
  architecture?: string
  /** `e_ident[EI_OSABI]`: 0 System V, 3 Linux, 9 FreeBSD… */
  osAbi: number
  type: 'relocatable' | 'executable' | 'shared' | 'core' | 'other'
  /** `e_flags` */
  flags: number
  /** the program that loads it, as an absolute path */
  interpreter?: string
  /** `static` asks nothing of a loader: no interpreter and no libraries */
  linking: 'static' | 'dynamic'
  /** libraries by soname, in the order in which they are searched */
  needed: string[]
  soname?: string
  /** folders to search, `$ORIGIN` and the like not replaced; `rpath` counts only where `runpath` is absent */
  rpath?: string[]
  runpath?: string[]
  versionNeeds: VersionNeed[]
  versionDefinitions: string[]
  /** the C library it was linked for; absent when it shows none */
  libc?: Libc
  /** present when it is a native addon of Node */
  addon?: AddonFacts
  nodeApiImports: string[]
  /** Node-API functions that it offers: those of a node executable or libnode */
  nodeApiExports: string[]
  arm?: ArmFacts
  x86Level?: NonNullable<Notes['x86Level']>
  buildId?: string
  /** the vendor of an operating system that marks its files: `FreeBSD`, `Android`… */
  system?: string
  /** what the file says that cannot be true; empty for a sound file */
  damage: string[]
}

/** What could be read, and what would have to be kept of a file that was only held in part, to read the rest. */
export interface ElfReading {
  elf: Elf
  /** ranges that were asked for and not kept; empty when the reading is complete */
  missing: ByteRange[]
}

const types: Record<number, Elf['type']> = { 1: 'relocatable', 2: 'executable', 3: 'shared', 4: 'core' }
const maxNeeded = 4096

/** Parses a whole file in memory; undefined when it is no ELF file. Never throws. */
export function parseElf(bytes: Uint8Array): Elf | undefined {
  return readElf(wholeFile(bytes))?.elf
}

/** Parses a file of which a part may not be held; undefined when it is no ELF file. Never throws. */
export function readElf(bytes: ElfBytes): ElfReading | undefined {
  const opened = readHeader(bytes)
  if (opened === undefined) return undefined
  const { header, reader } = opened
  const segments = readSegments(header, reader)
  checkSegments(segments, reader)
  const dynamic = readDynamicSection(segments, reader)
  const links = readLinks(dynamic, segments, reader)
  const interpreter = readInterpreter(segments, reader)
  const { buildId, x86Level, system } = readNotes(header, segments, reader)
  const node = dynamic ? readNodeSymbols(header, dynamic, segments, reader) : noNodeSymbols
  const arm = readArmFacts(header, reader)
  const libc = libcOf({ ...links, interpreter, system })
  const architecture = architectureOf(header.machine, header.wide, header.little)
  const elf: Elf = {
    class: header.wide ? 64 : 32,
    endianness: header.little ? 'little' : 'big',
    machine: header.machine,
    machineName: machineName(header.machine),
    ...(architecture ? { architecture } : {}),
    osAbi: header.osAbi,
    type: types[header.type] ?? 'other',
    flags: header.flags,
    ...(interpreter === undefined ? {} : { interpreter }),
    linking: interpreter === undefined && links.needed.length === 0 ? 'static' : 'dynamic',
    ...links,
    ...(libc ? { libc } : {}),
    ...node,
    ...(arm ? { arm } : {}),
    ...(x86Level ? { x86Level } : {}),
    ...(buildId ? { buildId } : {}),
    ...(system ? { system } : {}),
    damage: reader.damage,
  }
  return { elf, missing: reader.missing }
}

const noNodeSymbols = { nodeApiImports: [], nodeApiExports: [] }

/** A loader maps whole segments: one that ends behind the file is a crash at run time (a file that was cut off). */
function checkSegments(segments: readonly Segment[], reader: ElfReader): void {
  const cut = segments.some(
    ({ type, offset, size }) => type === segmentTypes.load && offset + size > reader.size,
  )
  if (cut) reader.note('a loaded segment ends behind the file: it was cut off')
}

type Links = Pick<Elf, 'needed' | 'soname' | 'rpath' | 'runpath' | 'versionNeeds' | 'versionDefinitions'>

function readLinks(
  dynamic: DynamicSection | undefined,
  segments: readonly Segment[],
  reader: ElfReader,
): Links {
  if (dynamic === undefined) return { needed: [], versionNeeds: [], versionDefinitions: [] }
  const text = (tag: number, what: string) => {
    const offset = dynamic.value(tag)
    return offset === undefined ? undefined : dynamic.text(offset, what)
  }
  const folders = (list: string | undefined) => list?.split(':').filter((folder) => folder !== '')
  const soname = text(dynamicTags.soname, 'the soname')
  const rpath = folders(text(dynamicTags.rpath, 'the rpath'))
  const runpath = folders(text(dynamicTags.runpath, 'the runpath'))
  return {
    needed: dynamic
      .values(dynamicTags.needed)
      .slice(0, maxNeeded)
      .map((offset) => dynamic.text(offset, 'a needed library') ?? '')
      .filter((name) => name !== ''),
    ...(soname === undefined ? {} : { soname }),
    ...(rpath ? { rpath } : {}),
    ...(runpath ? { runpath } : {}),
    versionNeeds: readVersionNeeds(dynamic, segments, reader),
    versionDefinitions: readVersionDefinitions(dynamic, segments, reader),
  }
}

function readInterpreter(segments: readonly Segment[], reader: ElfReader): string | undefined {
  const segment = segments.find(({ type }) => type === segmentTypes.interpreter)
  if (segment === undefined) return undefined
  const path = reader.range(segment.offset, Math.min(segment.size, 4096), 'the interpreter')?.text(0)
  if (path === undefined && reader.missing.length === 0)
    reader.note('the name of the interpreter does not end')
  return path
}
