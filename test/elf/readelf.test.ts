/** Agreement with GNU readelf on every ELF file of this machine, cross-compilers' libraries included. */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Elf, isElf, parseElf } from '../../src/elf/index.ts'
import { type ElfTruth, readelf } from './readelf.ts'

const roots = ['/usr', '/opt', join(import.meta.dirname, '../../node_modules')]
const maxFileBytes = 300_000_000

function* elfFiles(folder: string): Generator<string> {
  let entries: ReturnType<typeof list>
  try {
    entries = list(folder)
  } catch {
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* elfFiles(path)
    else if (entry.isFile() && beginsAsElf(path)) yield path
  }
}

function list(folder: string) {
  return readdirSync(folder, { withFileTypes: true })
}

function beginsAsElf(path: string): boolean {
  const head = Buffer.alloc(4)
  const file = openSync(path, 'r')
  try {
    readSync(file, head, 0, 4, 0)
  } finally {
    closeSync(file)
  }
  return isElf(head)
}

const typeNames: Record<string, Elf['type']> = {
  REL: 'relocatable',
  EXEC: 'executable',
  DYN: 'shared',
  CORE: 'core',
}
const machineNames: Record<string, string> = {
  'Advanced Micro Devices X86-64': 'x86-64',
  'Intel 80386': 'i386',
  PowerPC64: 'PowerPC64',
  'IBM S/390': 'S390',
  'Linux BPF': 'BPF',
  'MIPS R3000': 'MIPS',
  Sparc: 'SPARC',
  'Sparc v9': 'SPARC V9',
  'Intel IA-64': 'IA-64',
}

/** Our reading in readelf's words. */
function statement(file: string, elf: Elf): ElfTruth {
  return {
    file,
    class: elf.class,
    endianness: elf.endianness,
    type: elf.type,
    machine: elf.machineName,
    interpreter: elf.interpreter,
    needed: elf.needed,
    soname: elf.soname,
    rpath: elf.rpath?.join(':'),
    runpath: elf.runpath?.join(':'),
    versionNeeds: elf.versionNeeds,
    versionDefinitions: elf.versionDefinitions,
    buildId: elf.buildId,
    x86Level: elf.x86Level,
    armArchitecture: elf.arm?.architecture,
    nodeApiImports: elf.nodeApiImports,
    nodeApiExports: elf.nodeApiExports,
    isGo: false,
  }
}

function truthInOurWords(truth: ElfTruth, elf: Elf): ElfTruth {
  const folders = (text: string | undefined) =>
    text
      ?.split(':')
      .filter((part) => part !== '')
      .join(':')
  return {
    ...truth,
    isGo: false,
    type: typeNames[truth.type] ?? 'other',
    // Machines that no platform is named after have no name with us either.
    machine: elf.machineName.startsWith('machine ')
      ? elf.machineName
      : (machineNames[truth.machine] ?? truth.machine),
    rpath: folders(truth.rpath),
    runpath: folders(truth.runpath),
    // An object file has sections and no segments: what only a loader reads is not read there.
    ...(elf.type === 'relocatable' ? { buildId: undefined, x86Level: undefined } : {}),
    // Go's linker puts the build-id into a section that no segment covers: no loader and no debugger sees it.
    ...(truth.isGo ? { buildId: elf.buildId } : {}),
    // The level is read where the architecture has levels.
    ...(elf.machineName === 'x86-64' ? {} : { x86Level: undefined }),
  }
}

const hasReadelf = (() => {
  try {
    return execFileSync('readelf', ['--version'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
})()

describe('agreement with readelf', () => {
  it('has readelf where it must not be missing', () => {
    expect(hasReadelf || process.env.CI !== 'true').toBe(true)
  })

  it.skipIf(!hasReadelf)(
    'on every ELF file below /usr, /lib and node_modules',
    { timeout: 900_000 },
    async () => {
      const files = [...new Set(roots.flatMap((root) => [...elfFiles(root)]))]
      const differences: { file: string; ours: unknown; readelf: unknown }[] = []
      let compared = 0
      for (let at = 0; at < files.length; at += 50) {
        for (const truth of await readelf(files.slice(at, at + 50))) {
          const bytes = readFileSync(truth.file)
          const elf = bytes.length > maxFileBytes ? undefined : parseElf(bytes)
          if (elf === undefined) continue
          compared++
          const [ours, theirs] = [statement(truth.file, elf), truthInOurWords(truth, elf)]
          for (const key of Object.keys(ours) as (keyof ElfTruth)[]) {
            if (JSON.stringify(ours[key]) !== JSON.stringify(theirs[key])) {
              differences.push({ file: `${truth.file} ${key}`, ours: ours[key], readelf: theirs[key] })
            }
          }
        }
      }
      expect(compared).toBeGreaterThan(100)
      expect(differences).toEqual([])
    },
  )
})
