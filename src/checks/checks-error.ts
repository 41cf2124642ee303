import { CodedError } from '../base/index.ts'

export type ChecksErrorCode =
  /** a baseline file is not one */
  | 'CHECK_BASELINE_INVALID'
  /** no rule has that id */
  | 'CHECK_RULE_UNKNOWN'

export class ChecksError extends CodedError<ChecksErrorCode> {}
