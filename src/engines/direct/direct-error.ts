import { CodedError } from '../../base/index.ts'

export type DirectErrorCode =
  | 'BASE_LACKS_PLATFORM'
  | 'BASE_WITHOUT_LIBC'
  | 'BASE_WITHOUT_NODE'
  | 'BASE_LIBC_MIXED'
  | 'BUILD_FAILED'
  | 'ADDON_NEEDS_COMPILER'
  | 'OUTPUT_WRONG_ARCHITECTURE'
  | 'LOCKFILE_LACKS_PLATFORM'

/** Why the direct engine cannot make an image. */
export class DirectError extends CodedError<DirectErrorCode> {}
