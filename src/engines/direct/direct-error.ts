import { CodedError } from '../../base/index.ts'

export type DirectErrorCode =
  | 'BASE_LACKS_PLATFORM'
  | 'BASE_WITHOUT_LIBC'
  | 'BASE_WITHOUT_NODE'
  | 'BASE_LIBC_MIXED'
  | 'BASE_LACKS_LIBRARIES'
  | 'BUILD_FAILED'
  | 'OUTPUT_WRONG_ARCHITECTURE'
  | 'LOCKFILE_LACKS_PLATFORM'

/** Why the direct engine cannot make an image. */
export class DirectError extends CodedError<DirectErrorCode> {}
