import { CodedError } from '../base/index.ts'

export type SmokeErrorCode =
  /** nothing on this machine can run an image, or not what was asked for */
  | 'NO_RUNNER'
  /** a probe that cannot be asked as it was written */
  | 'INVALID_PROBE'
  /** the container engine refused what it was asked, such as loading the image */
  | 'ENGINE_REFUSED'
  /** a layer cannot be unpacked into a root folder */
  | 'UNPACK_FAILED'
  /** a port that the container needs is taken on this machine */
  | 'PORT_IN_USE'
  /** the image is not made of what a container needs */
  | 'IMAGE_UNUSABLE'

/** What kept a smoke test from being made; what a test found is in the report. */
export class SmokeError extends CodedError<SmokeErrorCode> {}
