import { InternalError } from '../base/index.ts'
import type { LockedPackage, PackageLock } from './package-lock.ts'

/** What a package must fit, in npm's names: `--os`, `--cpu`, `--libc` and the versions that `engines` is held against. */
export interface NpmTarget {
  /** `linux`, `darwin`, `win32`, … */
  os: string
  /** `x64`, `arm64`, `arm`, `s390x`, `ppc64`, … */
  cpu: string
  /** absent where a system has no such choice */
  libc?: 'glibc' | 'musl'
  /** Node that will run the tree: optional packages whose `engines` exclude it are left out, as npm does; absent: not looked at */
  nodeVersion?: string
}

export type Omission = 'dev' | 'optional' | 'peer'

export interface Selection {
  target: NpmTarget
  omit?: readonly Omission[]
  /** names or folders of workspaces: only what these need; absent: the whole project */
  workspaces?: readonly string[]
  /** npm's configuration of that name: peer dependencies are nobody's business */
  legacyPeerDeps?: boolean
  /** what the package's own package.json says of `libc`, for entries that a lock lost it of; undefined: nothing */
  libcOf?: (locked: LockedPackage) => readonly string[] | undefined
}

/** The packages of one platform. */
export interface PackageSet {
  /** packages and links to put on disk, sorted by location */
  readonly packages: readonly LockedPackage[]
  /** packages that arrive inside another one's tarball, sorted by location: they have bins but no content of their own */
  readonly bundled: readonly LockedPackage[]
}

/** The packages that `npm ci` would put on disk for a platform. */
export function selectPackages(lock: PackageLock, selection: Selection): PackageSet {
  throw new InternalError(`not written yet ${lock.file} ${selection.target.cpu}`)
}
