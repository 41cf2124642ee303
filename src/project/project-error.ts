import { CodedError } from '../base/index.ts'

export type ProjectErrorCode =
  | 'PROJECT_NOT_FOUND'
  | 'FILE_UNREADABLE'
  | 'PACKAGE_JSON_MISSING'
  | 'PACKAGE_JSON_INVALID'
  | 'CONFIGURATION_MISSING'
  | 'CONFIGURATION_INVALID'
  | 'CONFIGURATION_AMBIGUOUS'
  | 'NODE_VERSION_UNKNOWN'
  | 'WORKSPACE_UNKNOWN'
  | 'WORKSPACES_INVALID'
  | 'WORKSPACE_NOT_ROOT'
  | 'IGNORE_FILE_INVALID'
  | 'CONTEXT_UNREADABLE'
  | 'CONTEXT_SPECIAL_FILE'
  | 'CONTEXT_NAME_INVALID'
  | 'CONTEXT_TOO_LARGE'
  | 'CONTEXT_CHANGED'
  | 'CONTEXT_COPY_FAILED'
  | 'OUTPUT_MISSING'
  | 'OUTPUT_INVALID'
  | 'START_COMMAND_UNKNOWN'

/** The user's repository is not what a build can start from. */
export class ProjectError extends CodedError<ProjectErrorCode> {}
