/**
 * The compilers that this machine has for a platform: Debian's cross compilers and their like, the machine's own compiler when
 * it is the platform, clang, zig. What is found is a value; which programs an addon's build calls is the business of
 * `compiler-scripts.ts`.
 */
import { createHash } from 'node:crypto'
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform } from '../../../oci/index.ts'
import type { AddonTarget } from '../addon-target.ts'
import { findProgram } from '../find-program.ts'
import { runStep } from '../run-step.ts'

export interface Toolchain {
  /** for people: `aarch64-linux-gnu-g++ 12.2.0` */
  name: string
  kind: 'gcc' | 'clang' | 'zig'
  /** commands with the arguments that every call of them takes */
  cc: readonly string[]
  /** absent: it has no C++ library for the platform's C library */
  cxx?: readonly string[]
  ar: readonly string[]
  nm: readonly string[]
  ranlib: readonly string[]
  /** undefined: there is no program that strips; with zig the linker does it */
  strip: readonly string[] | undefined
  /** it brings the C library's headers and stubs by itself */
  ownLibc: boolean
  /** changes with the compiler */
  version: string
  /** the major version of gcc, whose C++ library its programs ask for */
  gccMajor?: number
}

/** The multiarch tuples of Debian, by architecture and variant. */
const tuples: Readonly<Record<string, string>> = {
  'linux/amd64': 'x86_64-linux-gnu',
  'linux/arm64': 'aarch64-linux-gnu',
  'linux/arm/v7': 'arm-linux-gnueabihf',
  'linux/arm/v8': 'arm-linux-gnueabihf',
  'linux/ppc64le': 'powerpc64le-linux-gnu',
  'linux/s390x': 's390x-linux-gnu',
  'linux/riscv64': 'riscv64-linux-gnu',
  'linux/386': 'i686-linux-gnu',
}

/** The names of Debian's packages of cross compilers, where they are not `g++-` and the tuple. */
const packageNames: Readonly<Record<string, string>> = { 'x86_64-linux-gnu': 'x86-64-linux-gnu' }

/** The tuple of a platform for GNU tools; undefined when Debian has none. */
function gnuTuple({ platform }: Pick<AddonTarget, 'platform'>): string | undefined {
  const { os, architecture, variant } = platform
  // A later level of x86-64 runs what is compiled for the first one.
  const text =
    architecture === 'arm'
      ? formatPlatform({ os, architecture, ...(variant ? { variant } : {}) })
      : `${os}/${architecture}`
  return tuples[text]
}

/** The toolchain of this machine for a platform, the best first; undefined when there is none. */
export async function findToolchain(
  target: AddonTarget,
  env: Readonly<Record<string, string | undefined>>,
  options: CancelOptions,
): Promise<Toolchain | undefined> {
  const tuple = gnuTuple(target)
  if (tuple === undefined) return undefined
  return target.libc === 'musl'
    ? ((await muslGcc(tuple, env, options)) ??
        (await zig(target, tuple, env, options)) ??
        (await muslClang(tuple, env, options)))
    : ((await gcc(tuple, env, options)) ??
        (await ownGcc(tuple, env, options)) ??
        (await clang(tuple, env, options)) ??
        (await zig(target, tuple, env, options)))
}

/** The Debian package of a compiler for the platform; undefined when there is none. */
export function compilerPackage(target: AddonTarget): string | undefined {
  const tuple = gnuTuple(target)
  if (tuple === undefined || target.libc === 'musl') return undefined
  return isHost(tuple) ? 'g++' : `g++-${packageNames[tuple] ?? tuple}`
}

type Find = (
  tuple: string,
  env: Readonly<Record<string, string | undefined>>,
  options: CancelOptions,
) => Promise<Toolchain | undefined>

const gcc: Find = async (tuple, env, options) => {
  for (const prefix of [tuple, tuple.replace('-linux', '-unknown-linux')]) {
    const found = await gnuTools(`${prefix}-`, false, env, options)
    if (found) return found
  }
  return undefined
}

/** The machine's own compiler, when it makes programs for the platform. */
const ownGcc: Find = async (tuple, env, options) =>
  isHost(tuple) ? gnuTools('', false, env, options) : undefined

const muslGcc: Find = (tuple, env, options) => gnuTools(`${muslTuple(tuple)}-`, true, env, options)

async function gnuTools(
  prefix: string,
  ownLibc: boolean,
  env: Readonly<Record<string, string | undefined>>,
  options: CancelOptions,
): Promise<Toolchain | undefined> {
  const programs = await Promise.all(
    ['gcc', 'g++', 'ar', 'nm', 'ranlib', 'strip'].map((name) => findProgram(prefix + name, env)),
  )
  const [cc, cxx, ar, nm, ranlib, strip] = programs
  if (!cc || !cxx || !ar || !nm || !ranlib) return undefined
  const version = await versionOf(cxx, ['--version'], env, options)
  // Some systems call clang by this name.
  if (version === undefined || /clang/i.test(version.text)) return undefined
  return {
    name: `${prefix}g++ ${version.short}`,
    kind: 'gcc',
    cc: [cc],
    cxx: [cxx],
    ar: [ar],
    nm: [nm],
    ranlib: [ranlib],
    strip: strip ? [strip] : undefined,
    ownLibc,
    version: version.id,
    gccMajor: Number.parseInt(version.short, 10),
  }
}

const clang: Find = (tuple, env, options) => clangFor(tuple, env, options)

/** Debian has musl for every processor, and no C++ library that is built upon it. */
const muslClang: Find = async (tuple, env, options) => {
  const found = await clangFor(muslTuple(tuple), env, options)
  if (!found) return undefined
  const { cxx: _, ...cOnly } = found
  return { ...cOnly, name: found.name.replace('++', '') }
}

/** What GNU tools and Debian call a platform; undefined where Debian does not have it. */
export function tupleOf(target: AddonTarget): string | undefined {
  const tuple = gnuTuple(target)
  return target.libc === 'musl' ? tuple && muslTuple(tuple) : tuple
}

function muslTuple(tuple: string): string {
  return tuple.replace('-gnu', '-musl')
}

const clangFor: Find = async (tuple, env, options) => {
  const [cc, cxx, linker, ar, nm, ranlib, strip] = await Promise.all(
    ['clang', 'clang++', 'ld.lld', 'llvm-ar', 'llvm-nm', 'llvm-ranlib', 'llvm-strip'].map((name) =>
      findProgram(name, env),
    ),
  )
  if (!cc || !cxx || !linker || !ar || !nm || !ranlib) return undefined
  const version = await versionOf(cxx, ['--version'], env, options)
  if (!version) return undefined
  const target = [`--target=${tuple}`, '-fuse-ld=lld']
  return {
    name: `clang++ ${version.short}`,
    kind: 'clang',
    cc: [cc, ...target],
    cxx: [cxx, ...target],
    ar: [ar],
    nm: [nm],
    ranlib: [ranlib],
    strip: strip ? [strip] : undefined,
    ownLibc: false,
    version: version.id,
  }
}

/** zig has the C library of every platform in it, of glibc the version that is asked for. */
async function zig(
  { libc, glibc }: AddonTarget,
  tuple: string,
  env: Readonly<Record<string, string | undefined>>,
  options: CancelOptions,
): Promise<Toolchain | undefined> {
  const program = await findProgram('zig', env)
  const version = program && (await versionOf(program, ['version'], env, options))
  if (!program || !version) return undefined
  const system = libc === 'musl' ? muslTuple(tuple) : tuple
  const name = libc === 'glibc' && glibc !== undefined ? `${system}.${glibc}` : system
  return {
    name: `zig ${version.short}`,
    kind: 'zig',
    cc: [program, 'cc', '-target', name],
    cxx: [program, 'c++', '-target', name],
    ar: [program, 'ar'],
    nm: ['nm'],
    ranlib: [program, 'ranlib'],
    strip: undefined,
    ownLibc: true,
    version: version.id,
  }
}

const hostTuples: Readonly<Record<string, string>> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  ppc64: 'powerpc64le-linux-gnu',
  s390x: 's390x-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  ia32: 'i686-linux-gnu',
}

function isHost(tuple: string): boolean {
  return process.platform === 'linux' && hostTuples[process.arch] === tuple
}

async function versionOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { signal }: CancelOptions,
): Promise<{ text: string; short: string; id: string } | undefined> {
  const { exitCode, tail } = await runStep({
    program,
    args,
    folder: '/',
    env: { ...env, LC_ALL: 'C' },
    signal,
  })
  const text = tail.join('\n')
  const short = /\d+\.\d+(?:\.\d+)?(?![\d.]*-)/.exec(text.replace(/\([^)]*\)/, ''))?.[0]
  if (exitCode !== 0 || short === undefined) return undefined
  return { text, short, id: createHash('sha256').update(text).digest('hex').slice(0, 16) }
}
