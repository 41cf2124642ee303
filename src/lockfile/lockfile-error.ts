import { CodedError } from '../base/index.ts'

export type LockfileErrorCode =
  | 'LOCKFILE_MISSING'
  | 'LOCKFILE_UNSUPPORTED'
  | 'LOCKFILE_VERSION'
  | 'LOCKFILE_INVALID'
  | 'LOCKFILE_CONFLICT'
  | 'LOCKFILE_OUT_OF_STEP'

/** A lockfile that cannot be used as it stands. */
export class LockfileError extends CodedError<LockfileErrorCode> {}
