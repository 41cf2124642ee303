import { InternalError } from '../base/index.ts'

/**
 * Of the names in a project's folder, the lockfile to read: `npm-shrinkwrap.json`, else `package-lock.json`. Throws
 * `LockfileError` `LOCKFILE_UNSUPPORTED` when only another package manager's is there, `LOCKFILE_MISSING` when none is.
 */
export function chooseLockfile(names: readonly string[]): string {
  throw new InternalError(`not written yet ${names.length}`)
}
