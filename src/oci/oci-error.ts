import { CodedError } from '../base/index.ts'

export type OciErrorCode =
  | 'INVALID_DIGEST'
  | 'INVALID_REFERENCE'
  | 'INVALID_PLATFORM'
  | 'INVALID_MANIFEST'
  | 'CONTENT_MISMATCH'

/** Text or bytes that are not what the OCI specifications allow, or content that is not what its digest says. */
export class OciError extends CodedError<OciErrorCode> {}
