import { CodedError } from '../base/index.ts'

export type ActionErrorCode =
  | 'ACTION_COMMAND_UNKNOWN'
  | 'ACTION_INPUT_INVALID'
  | 'ACTION_INPUT_MISPLACED'
  | 'ACTION_NOT_STARTED'

export class ActionError extends CodedError<ActionErrorCode> {}
