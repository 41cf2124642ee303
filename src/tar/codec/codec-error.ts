import { messageOf } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'

export function compressionTruncated(name: string, format: string, cause?: unknown): TarError {
  return new TarError('TAR_TRUNCATED', `${name} ends in the middle of its ${format} data`, {
    kind: 'environment',
    cause,
  })
}

export function compressionMalformed(
  name: string,
  format: string,
  cause: unknown,
  what = messageOf(cause),
): TarError {
  return new TarError('COMPRESSION_MALFORMED', `${name} has broken ${format} data: ${what}`, {
    kind: 'environment',
    cause,
  })
}
