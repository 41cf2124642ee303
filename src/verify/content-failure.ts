/** Telling what is wrong with an image from what went wrong while reading it: the first is a finding, the second a failure. */
import { CodedError } from '../base/index.ts'

export interface ContentFailure {
  code: string
  message: string
  hint?: string
}

/** Codes that speak of the image's content: absent, not what its digest says, or not what its format asks for. */
const ofContent = new Set([
  'CONTENT_MISMATCH',
  'CONTENT_TOO_LARGE',
  'INVALID_MANIFEST',
  'INVALID_DIGEST',
  'IMAGE_INCOMPLETE',
  'STORE_NOT_FOUND',
  'REGISTRY_NOT_FOUND',
  'TAR_TRUNCATED',
  'TAR_MALFORMED',
  'TAR_UNSUPPORTED',
  'TAR_LIMIT',
  'COMPRESSION_MALFORMED',
  'COMPRESSION_LIMIT',
  'COMPRESSION_UNSUPPORTED',
])

/** Undefined for everything that may pass: networks, disks, credentials, interruption, our own bugs. */
export function contentFailure(error: unknown): ContentFailure | undefined {
  if (!(error instanceof CodedError) || !ofContent.has(error.code)) return undefined
  return { code: error.code, message: error.message, ...(error.hint ? { hint: error.hint } : {}) }
}
