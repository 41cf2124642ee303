import { type CancelOptions, InternalError, type Source } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import type { NpmConfig } from './npm-config.ts'

/** A file or empty folder of a package, as npm would put it on disk. */
export interface PackageFile {
  /** relative to the package's folder, with `/` */
  path: string
  type: 'file' | 'directory'
  /** permission bits under umask 022 */
  mode: number
  /** bytes */
  size: number
  content: Source
}

/** A package's content, in memory or spooled to a temporary file until it is disposed of. */
export interface UnpackedPackage extends AsyncDisposable {
  /** sorted by path, every folder that holds a file included */
  readonly files: readonly PackageFile[]
  file(path: string): PackageFile | undefined
}

/** Where packages come from: npm's cache, the registry, git, folders and files. */
export interface PackageSource {
  /** Unpacks a package. Throws `NpmError`. The result must be disposed of. */
  unpack(locked: LockedPackage, options: CancelOptions): Promise<UnpackedPackage>
  /**
   * `libc` of package.json for entries whose lock may have lost it, by location. Opens only candidates and remembers what they said.
   */
  libcOf(
    packages: readonly LockedPackage[],
    options: CancelOptions,
  ): Promise<ReadonlyMap<string, readonly string[]>>
}

/** Small facts about packages that are remembered between runs; `openCache(…).record` and `setRecord` fit. */
export interface PackageRecords {
  record(area: string, key: string): Promise<unknown>
  setRecord(area: string, key: string, value: unknown): Promise<void>
}

export interface PackageSourceOptions {
  config: NpmConfig
  records: PackageRecords
  /** an existing folder for packages that are too large for memory */
  temporaryFolder: string
  /** called for each package that was not in npm's cache, with the bytes of its tarball */
  onFetched?: (locked: LockedPackage, bytes: number) => void
}

export function packageSource(options: PackageSourceOptions): PackageSource {
  throw new InternalError(`not written yet ${options.temporaryFolder}`)
}
