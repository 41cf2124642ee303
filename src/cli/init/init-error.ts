import { CodedError } from '../../base/index.ts'

export type InitErrorCode =
  | 'INIT_MANAGER_UNKNOWN'
  | 'INIT_LOCKFILE_MISSING'
  | 'INIT_WORKSPACE_UNKNOWN'
  | 'INIT_BASE_UNSUITABLE'
  | 'INIT_DOCKERFILE_MISSING'
  | 'INIT_WRITE_FAILED'

/** The files cannot be written for this project, or not at this place. */
export class InitError extends CodedError<InitErrorCode> {}
