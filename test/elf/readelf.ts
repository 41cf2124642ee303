/** What GNU readelf says of files, in the words of our own reader: the truth that it is compared with. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface ElfTruth {
  file: string
  class: number
  endianness: string
  type: string
  machine: string
  interpreter: string | undefined
  needed: string[]
  soname: string | undefined
  rpath: string | undefined
  runpath: string | undefined
  versionNeeds: { library: string; versions: string[] }[]
  versionDefinitions: string[]
  buildId: string | undefined
  /** the highest level named, `baseline` is v1 */
  x86Level: string | undefined
  armArchitecture: number | undefined
  nodeApiImports: string[]
  nodeApiExports: string[]
  isGo: boolean
}

/** Runs readelf once over many files. Sections without which a file can run are read from where readelf reads them. */
export async function readelf(files: readonly string[]): Promise<ElfTruth[]> {
  // `--use-dynamic` would read versions from the segments; some stripped files lack the section headers of the default.
  const { stdout } = await run('readelf', ['-hldVnAW', '--dyn-syms', '/dev/null', ...files], {
    maxBuffer: 1 << 30,
    env: { ...process.env, LC_ALL: 'C' },
  }).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' })) // /dev/null makes it fail, and print names
  return stdout
    .split(/^File: /m)
    .slice(1)
    .filter((text) => /^ {2}Class:/m.test(text))
    .map(truthOf)
}

function truthOf(text: string): ElfTruth {
  const one = (pattern: RegExp) => pattern.exec(text)?.[1]
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '')
  const symbols = [
    ...text.matchAll(/^ +\d+: [0-9a-f]+ +\S+ \w+ +\w+ +\w+ +(?:\[.*?\] +)?(\w+) ((?:napi|node_api)_\S+)/gm),
  ]
  const functions = symbols
    .map((match) => ({ defined: match[1] !== 'UND', name: (match[2] ?? '').replace(/@.*/, '') }))
    .filter(({ name }) => !/^napi_register_module_v\d+$|^node_api_module_get_api_version_v1$/.test(name))
  return {
    file: text.slice(0, text.indexOf('\n')),
    class: Number(one(/^ {2}Class: +ELF(\d+)/m)),
    endianness: one(/^ {2}Data: +2's complement, (\w+) endian/m) ?? '',
    type: one(/^ {2}Type: +(\w+)/m) ?? '',
    machine: one(/^ {2}Machine: +(.*)$/m) ?? '',
    interpreter: one(/\[Requesting program interpreter: (.*)\]/),
    needed: all(/\(NEEDED\) +Shared library: \[(.*)\]/g),
    soname: one(/\(SONAME\) +Library soname: \[(.*)\]/),
    rpath: one(/\(RPATH\) +Library rpath: \[(.*)\]/),
    runpath: one(/\(RUNPATH\) +Library runpath: \[(.*)\]/),
    versionNeeds: versionNeeds(text),
    versionDefinitions: all(
      /^ +0x[0-9a-f]+: Rev: \d+ +Flags: (?!BASE).* +Index: \d+ +Cnt: \d+ +Name: (\S+)/gm,
    ),
    buildId: one(/Build ID: ([0-9a-f]+)/),
    x86Level: levelOf(one(/x86 ISA needed: (.*)/)),
    armArchitecture: armOf(one(/Tag_CPU_arch: v(\S+)/)),
    nodeApiImports: functions
      .filter(({ defined }) => !defined)
      .map(({ name }) => name)
      .sort(),
    nodeApiExports: functions
      .filter(({ defined }) => defined)
      .map(({ name }) => name)
      .sort(),
    isGo: /GO BUILDID/.test(text),
  }
}

function versionNeeds(text: string): ElfTruth['versionNeeds'] {
  const section = /^Version needs section[\s\S]*?(?=^\S)/m.exec(`${text}\n.`)?.[0] ?? ''
  return section
    .split(/ {2}File: /)
    .slice(1)
    .map((part) => ({
      library: /^\S+/.exec(part)?.[0] ?? '',
      versions: [...part.matchAll(/Name: (\S+) +Flags: (?!WEAK)/g)].map((match) => match[1] ?? ''),
    }))
}

function levelOf(text: string | undefined): string | undefined {
  const last = text?.split(', ').at(-1)?.trim()
  return last?.replace('x86-64-baseline', 'v1').replace('x86-64-', '')
}

function armOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number.parseInt(text, 10)
}
