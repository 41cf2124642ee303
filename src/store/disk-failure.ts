/** Failures of the file system as coded errors: what a user can act on, instead of an errno. */
import { CodedError, codeOf, messageOf } from '../base/index.ts'
import { StoreError } from './store-error.ts'

/** The error to throw for something thrown by `node:fs` while `what` was done ("write out/image"). */
export function diskFailure(error: unknown, what: string): unknown {
  const code = codeOf(error)
  if (error instanceof CodedError || code === undefined || !diskCodes.has(code)) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StoreError('STORE_DISK_FULL', `could not ${what}: no space left`, {
      kind: 'environment',
      hint: 'free some space on that disk, or choose another folder; `everyarch cache prune` shrinks the cache',
      details: { errno: code },
      cause: error,
    })
  }
  const hint = hints[code]
  return new StoreError('STORE_DISK', `could not ${what}: ${messageOf(error)}`, {
    kind: 'environment',
    ...(hint ? { hint } : {}),
    details: { errno: code },
    cause: error,
  })
}

// Not every errno: content that comes from a connection fails with codes of its own while it is written.
const diskCodes = new Set(
  (
    'EACCES EBUSY EDQUOT EEXIST EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ENODEV ENOENT ENOSPC ENOTDIR ENOTEMPTY ' +
    'EPERM EROFS EXDEV'
  ).split(' '),
)

const hints: Record<string, string> = {
  EACCES: 'check the permissions of that path',
  EPERM: 'check the permissions of that path',
  EROFS: 'that file system is read-only: choose another folder',
  ENOTDIR: 'a part of that path is a file where a folder must be',
  EMFILE: 'raise the limit of open files (`ulimit -n`)',
}

/** Runs `action`; what it throws for the file system's sake becomes a `StoreError` that names `what`. */
export async function onDisk<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw diskFailure(error, what)
  }
}
