import { CodedError } from '../base/index.ts'

export type PipelineErrorCode =
  | 'DOCKERFILE_NOT_FOUND'
  | 'ENGINE_UNAVAILABLE'
  | 'DIGEST_FILE_INVALID'
  | 'DIGEST_FILE_UNREADABLE'
  | 'MERGE_PLATFORM_TWICE'
  | 'MERGE_PLATFORM_UNKNOWN'
  | 'MERGE_PROMISE_BROKEN'

export class PipelineError extends CodedError<PipelineErrorCode> {}
