import { CodedError } from '../base/index.ts'

export type DockerfileErrorCode =
  /** a `$` expression is malformed */
  | 'DOCKERFILE_EXPANSION'
  /** a `${name:?message}` is not satisfied */
  | 'DOCKERFILE_REQUIRED'

/** Thrown by `expand`; parsing itself never throws: its problems are values with a position. */
export class DockerfileError extends CodedError<DockerfileErrorCode> {}
