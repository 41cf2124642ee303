/**
 * The programs that an addon's build calls, as small scripts in a folder that is first on its PATH: whatever name a build
 * script has for the compiler, it gets the one for the target, with the headers and libraries of the sysroot and no others.
 */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import type { Sysroot } from '../root/sysroot.ts'
import { runStep } from '../run-step.ts'
import type { Toolchain } from './toolchain.ts'

export interface CompilerScriptsInput {
  toolchain: Toolchain
  /** absent for a toolchain that has its own C library and an addon that needs nothing else */
  sysroot: Sysroot | undefined
  /** folders of this machine that must not be named in what is compiled, and what stands there instead */
  hidden: ReadonlyMap<string, string>
  /** what is linked keeps its symbols where nothing else would take them out */
  keepsSymbols: boolean
  env: Readonly<Record<string, string | undefined>>
}

/** Writes the scripts; returns the variables that name them. */
export async function writeCompilerScripts(
  folder: string,
  input: CompilerScriptsInput,
  options: CancelOptions,
): Promise<Record<string, string>> {
  await mkdir(folder, { recursive: true })
  const { toolchain, sysroot } = input
  const common = [
    ...[...input.hidden].map(([path, name]) => `-ffile-prefix-map=${path}=${name}`),
    ...(toolchain.strip || input.keepsSymbols ? [] : ['-s']),
  ]
  const c = await searchArguments('c', input, options)
  const cxx = await searchArguments('c++', input, options)
  const prefix = sysroot ? `${sysroot.tuple}-` : undefined
  const programs: Record<string, readonly string[]> = {
    gcc: [...toolchain.cc, ...common, ...c],
    'g++': [...(toolchain.cxx ?? toolchain.cc), ...common, ...cxx],
    ar: toolchain.ar,
    nm: toolchain.nm,
    ranlib: toolchain.ranlib,
    ...(toolchain.strip ? { strip: toolchain.strip } : {}),
  }
  const aliases: Record<string, readonly string[]> = { gcc: ['cc'], 'g++': ['c++'] }
  for (const [name, command] of Object.entries(programs)) {
    const names = [name, ...(aliases[name] ?? [])]
    for (const each of [...names, ...(prefix ? names.map((plain) => prefix + plain) : [])])
      await writeScript(
        join(folder, each),
        `${name === 'g++' && !toolchain.cxx ? refusingCxx : ''}exec ${command.map(quoted).join(' ')} "$@"\n`,
      )
  }
  const at = (name: string) => join(folder, name)
  return {
    CC: at('gcc'),
    CXX: at('g++'),
    LINK: at('g++'),
    AR: at('ar'),
    NM: at('nm'),
    RANLIB: at('ranlib'),
    ...(toolchain.strip ? { STRIP: at('strip') } : {}),
  }
}

/** Of an addon in C the linker is called by this name as well: only sources are refused. */
const refusingCxx = `for word in "$@"; do
  case "$word" in *.cc|*.cpp|*.cxx)
    echo "everyarch: $word is C++, and clang finds no C++ library for musl here: put zig on the PATH, or a compiler such as aarch64-linux-musl-g++" >&2
    exit 1 ;;
  esac
done
`

export async function writeScript(path: string, text: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${text}`)
  await chmod(path, 0o755)
}

export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Where headers and libraries are looked for. */
async function searchArguments(
  language: 'c' | 'c++',
  input: CompilerScriptsInput,
  options: CancelOptions,
): Promise<string[]> {
  const { toolchain, sysroot } = input
  if (!sysroot) return []
  const { folder, tuple } = sysroot
  const headers = [`${folder}/usr/include/${tuple}`, `${folder}/usr/include`]
  const libraries = [`-L${folder}/usr/lib/${tuple}`, `-L${folder}/usr/lib`]
  if (toolchain.kind === 'zig') return [...headers.map((path) => `-I${path}`), ...libraries]
  if (toolchain.kind === 'clang') {
    const found = [`--sysroot=${folder}`, `--gcc-toolchain=${folder}/usr`]
    if (!tuple.endsWith('-musl')) return found
    // Debian keeps musl beside glibc, which clang would find first.
    return [
      ...found,
      '-nostdlibinc',
      '-isystem',
      headers[0] ?? '',
      `-B${folder}/usr/lib/${tuple}`,
      ...libraries,
    ]
  }
  // A cross compiler looks into folders of its own before the sysroot's: all are named here, and only those.
  const own = await compilersOwnHeaders(language, input, options)
  const first = [...own, ...headers].flatMap((path) => ['-isystem', path])
  const isNewer = (toolchain.gccMajor ?? 0) > libraryMajor(sysroot)
  // A program of a newer compiler would ask for symbols that the base's C++ library does not have.
  const inside = language === 'c++' && isNewer ? ['-static-libstdc++', '-static-libgcc'] : []
  return [
    `--sysroot=${folder}`,
    '-nostdinc',
    ...first,
    ...libraries,
    `-Wl,-rpath-link,${folder}/usr/lib/${tuple}`,
    ...inside,
  ]
}

/** The release of gcc that the sysroot's C++ library came with. */
function libraryMajor({ packages }: Sysroot): number {
  return Number.parseInt(packages.find(({ name }) => name === 'libstdc++6')?.version ?? '', 10) || 0
}

/** The folders of a gcc that hold its C++ library's headers and those that only the compiler can have, such as `stddef.h`. */
async function compilersOwnHeaders(
  language: 'c' | 'c++',
  { toolchain, env }: CompilerScriptsInput,
  { signal }: CancelOptions,
): Promise<string[]> {
  const [program = '', ...args] = (language === 'c' ? undefined : toolchain.cxx) ?? toolchain.cc
  const { tail } = await runStep({
    program,
    args: [...args, '-E', '-x', language, '-v', '/dev/null'],
    folder: '/',
    env: { ...env, LC_ALL: 'C' },
    signal,
  })
  const from = tail.findIndex((line) => line.startsWith('#include <...>'))
  const to = tail.findIndex((line) => line.startsWith('End of search list'))
  const listed = tail.slice(from + 1, to < 0 ? undefined : to).map((line) => line.trim())
  return listed.filter(
    (path) => path.includes('/c++/') || /\/gcc(?:-cross)?\/[^/]+\/\d+\/include(?:-fixed)?$/.test(path),
  )
}
