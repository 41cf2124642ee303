import { InternalError } from '../base/index.ts'
import type { PackageLock } from './package-lock.ts'

export interface CheckLockfileOptions {
  /** parsed package.json by folder: `''` for the root, and each workspace's */
  packageJsons: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  legacyPeerDeps?: boolean
}

/**
 * Whether package.json and lock are in step, as `npm ci` demands. Returns the lock with the flags (`dev`, `optional`, …) that
 * follow from the package.json files. Throws `LockfileError` `LOCKFILE_OUT_OF_STEP` naming everything that differs.
 */
export function checkLockfile(lock: PackageLock, options: CheckLockfileOptions): PackageLock {
  throw new InternalError(`not written yet ${lock.file} ${options.packageJsons.size}`)
}
