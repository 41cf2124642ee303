/** Where packages come from: npm's cache, the registry, git, folders and files; unpacked within a budget of memory. */
import { join } from 'node:path'
import { type CancelOptions, limiter } from '../base/index.ts'
import { type LockedPackage, nameAndVersion } from '../lockfile/index.ts'
import { libcCandidates } from './libc-candidates.ts'
import { MemoryBudget } from './memory-budget.ts'
import type { NpmConfig } from './npm-config.ts'
import { Spool } from './spool.ts'
import { type Tarball, Tarballs } from './tarballs.ts'
import { findInPackage, type PackageFile, unpackPackage } from './unpack-package.ts'

/** A package's content, in memory or in a temporary file until it is disposed of. */
export interface UnpackedPackage extends AsyncDisposable {
  /** sorted by path, every folder that holds a file included */
  readonly files: readonly PackageFile[]
  file(path: string): PackageFile | undefined
}

export interface PackageSource {
  /** Unpacks a package. Throws `NpmError`. The result must be disposed of. */
  unpack(locked: LockedPackage, options: CancelOptions): Promise<UnpackedPackage>
  /**
   * `libc` of package.json, by location, for entries whose lock may have lost it. Opens only candidates and remembers what they
   * said.
   */
  libcOf(
    packages: readonly LockedPackage[],
    options: CancelOptions,
  ): Promise<ReadonlyMap<string, readonly string[]>>
}

/** Small facts about packages that are remembered between runs; the store room's cache fits. */
export interface PackageRecords {
  record(area: string, key: string): Promise<unknown>
  setRecord(area: string, key: string, value: unknown): Promise<void>
}

export interface PackageSourceOptions {
  config: NpmConfig
  records: PackageRecords
  /** an existing folder for content that is too large for memory */
  temporaryFolder: string
  /** called for each package that was not in npm's cache, with the bytes of its tarball */
  onFetched?: (locked: LockedPackage, bytes: number) => void
}

/** Unpacked content that is kept in memory at once, over all packages. */
const memoryBytes = 16 << 20

/** Tarballs beyond this size are unpacked one at a time: what is decompressed ahead of its writing takes memory too. */
const largeTarball = 4 << 20

export function packageSource(options: PackageSourceOptions): PackageSource {
  const opened = new Tarballs(options)
  const budget = new MemoryBudget(memoryBytes)
  const oneAtATime = limiter(1)
  let spools = 0

  async function unpackOnce(
    locked: LockedPackage,
    { content }: Tarball,
    signal: AbortSignal,
  ): Promise<UnpackedPackage> {
    const spool = new Spool(join(options.temporaryFolder, `package-${++spools}`), budget)
    try {
      return unpacked(await unpackPackage(locked, content, spool, signal), spool)
    } catch (error) {
      await spool[Symbol.asyncDispose]()
      throw error
    }
  }

  async function read<T>(
    locked: LockedPackage,
    signal: AbortSignal,
    use: (tarball: Tarball) => Promise<T>,
  ): Promise<T> {
    const tarball = await opened.open(locked, { signal })
    const attempt = (at: Tarball) => (at.size > largeTarball ? oneAtATime(() => use(at)) : use(at))
    try {
      return await attempt(tarball)
    } catch (error) {
      if (signal.aborted || !(await opened.discardDamaged(locked, { signal }))) throw error
      return attempt(await opened.open(locked, { signal }))
    }
  }

  return {
    unpack: (locked, { signal }) => read(locked, signal, (tarball) => unpackOnce(locked, tarball, signal)),
    async libcOf(packages, { signal }) {
      const found = new Map<string, readonly string[]>()
      for (const locked of libcCandidates(packages)) {
        const manifest = (at: Tarball) => findInPackage(locked, at.content, 'package.json', signal)
        const libc = await remembered(options.records, locked, async () =>
          libcIn(await read(locked, signal, manifest)),
        )
        if (libc) found.set(locked.location, libc)
      }
      return found
    },
  }
}

function unpacked(files: PackageFile[], spool: Spool): UnpackedPackage {
  const byPath = new Map(files.map((file) => [file.path, file]))
  return {
    files,
    file: (path) => byPath.get(path),
    [Symbol.asyncDispose]: () => spool[Symbol.asyncDispose](),
  }
}

/** The `libc` of a package, remembered by the tarball's hash. */
async function remembered(
  records: PackageRecords,
  locked: LockedPackage,
  look: () => Promise<readonly string[] | undefined>,
): Promise<readonly string[] | undefined> {
  const key = locked.integrity
  if (key === undefined) return look()
  const known = await records.record('npm-libc', key)
  if (isLibcRecord(known)) return known.libc ?? undefined
  const libc = await look()
  await records.setRecord('npm-libc', key, { package: nameAndVersion(locked), libc: libc ?? null })
  return libc
}

function isLibcRecord(value: unknown): value is { libc: string[] | null } {
  if (typeof value !== 'object' || value === null || !('libc' in value)) return false
  return value.libc === null || isTextList(value.libc)
}

function libcIn(packageJson: Uint8Array | undefined): string[] | undefined {
  if (!packageJson) return undefined
  let libc: unknown
  try {
    ;({ libc } = JSON.parse(new TextDecoder().decode(packageJson)))
  } catch {
    return undefined
  }
  if (typeof libc === 'string') return [libc]
  return isTextList(libc) ? libc : undefined
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
