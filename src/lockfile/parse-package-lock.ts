import { InternalError } from '../base/index.ts'
import type { PackageLock } from './package-lock.ts'

/**
 * Reads package-lock.json or npm-shrinkwrap.json of lockfileVersion 2 or 3. Throws `LockfileError`: `LOCKFILE_INVALID` (line
 * and column), `LOCKFILE_CONFLICT` (merge-conflict markers), `LOCKFILE_VERSION`.
 */
export function parsePackageLock(text: string, file: string): PackageLock {
  throw new InternalError(`not written yet ${file} ${text.length}`)
}
