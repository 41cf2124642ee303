/** Files of a package that some platforms never load, from their bytes and names: read once, then remembered by its hash. */
import { type CancelOptions, collect } from '../../base/index.ts'
import { elfPlatform, isElf, objectFormat, parseElf } from '../../elf/index.ts'
import type { LockedPackage } from '../../lockfile/index.ts'
import { npmTargetOf, type PackageFile, type TargetPlatform } from '../../npm/index.ts'
import { canServe, type Platform } from '../../oci/index.ts'
import type { AddonTools } from './addon-tools.ts'

/** What can be said of a file without knowing the platform. */
export interface PrunableFile {
  path: string
  /** bytes */
  size: number
  kind: /** text that only a compiler reads */
    | 'source'
    /** for another system than Linux */
    | 'foreign'
    /** for Linux */
    | 'binary'
  /** of a binary */
  platform?: Platform
  libc?: 'glibc' | 'musl'
  /** the system and processors in the name of its folder, as prebuildify has it: `linux-x64`, `darwin-x64+arm64` */
  folder?: { system: string; processors: string[] }
}

const area = 'addon-prunable-1'
const sources =
  /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|ipp|s|asm|gyp|gypi|m4|am|ac|cmake|o|a|obj|lib|pdb|vcxproj|sln)$/i
const sourceNames = /(?:^|\/)(?:CMakeLists\.txt|Makefile(?:\.\w+)?|configure|config\.(?:guess|sub))$/
const binaries = /\.(?:node|bare|dylib|dll)$|\.so(?:\.\d+)*$/i
const prebuilt = /(?:^|\/)prebuilds\/([a-z0-9]+)-([a-z0-9_+]+)\/[^/]+$/

/** Throws `NpmError`. */
export async function prunableFiles(
  locked: LockedPackage,
  { source, cache }: AddonTools,
  { signal }: CancelOptions,
): Promise<readonly PrunableFile[]> {
  const key = locked.integrity
  const known = key === undefined ? undefined : await cache.record(area, key)
  if (Array.isArray(known)) return known as PrunableFile[]
  await using content = await source.unpack(locked, { signal })
  const found: PrunableFile[] = []
  for (const file of content.files) {
    if (file.type !== 'file' || file.path.startsWith('node_modules/')) continue
    const what = await look(file, signal)
    if (what) found.push({ path: file.path, size: file.size, ...what })
  }
  if (key !== undefined) await cache.setRecord(area, key, found)
  return found
}

async function look(
  file: PackageFile,
  signal: AbortSignal,
): Promise<Omit<PrunableFile, 'path' | 'size'> | undefined> {
  const { path } = file
  const [, system, processors] = prebuilt.exec(path) ?? []
  const named = system && processors ? { folder: { system, processors: processors.split('+') } } : {}
  if (binaries.test(path)) {
    const bytes = await collect(file.content({ signal }), file.size, path)
    const elf = isElf(bytes) ? parseElf(bytes) : undefined
    const platform = elf && elfPlatform(elf)
    if (elf && platform && platform.os === 'linux' && elf.libc !== 'bionic' && !path.endsWith('.bare'))
      return { kind: 'binary', platform, ...(elf.libc ? { libc: elf.libc } : {}), ...named }
    const isForeign =
      (elf && platform?.os !== 'linux') || elf?.libc === 'bionic' || objectFormat(bytes) !== undefined
    return isForeign ? { kind: 'foreign', ...named } : undefined
  }
  if (sources.test(path) || sourceNames.test(path)) return { kind: 'source', ...named }
  return named.folder ? { kind: 'binary', ...named } : undefined
}

/** Whether a platform never loads a file; sources count when its addon has been compiled. */
export function isNeverLoaded(file: PrunableFile, target: TargetPlatform, isCompiled: boolean): boolean {
  const { kind, platform, libc, folder } = file
  if (folder && isForAnother(folder, target)) return true
  if (kind === 'foreign') return true
  if (kind === 'source') return isCompiled
  if (platform && !canServe(platform, target.platform)) return true
  return libc !== undefined && libc !== target.libc
}

function isForAnother(
  { system, processors }: PrunableFile['folder'] & object,
  target: TargetPlatform,
): boolean {
  const { os, cpu } = npmTargetOf(target)
  // Names such as linuxglibc-x64 say more than the two words: only what is surely another system or processor counts.
  const systems = ['darwin', 'win32', 'android', 'freebsd', 'openbsd', 'sunos', 'aix', 'ios', 'linux']
  const known = ['x64', 'arm64', 'arm', 'ia32', 's390x', 'ppc64', 'riscv64', 'mips', 'loong64', 'universal']
  if (systems.includes(system) && system !== os) return true
  return processors.every((name) => known.includes(name)) && !processors.includes(cpu)
}
