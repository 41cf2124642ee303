/** Content with an identity: every stream from outside passes a check of size and digest, and fails on mismatch. */
import { createHash } from 'node:crypto'
import type { Source } from '../base/index.ts'
import { algorithmOf, type Digest } from './digest.ts'
import { OciError } from './oci-error.ts'

/**
 * The same content, checked while it is read: throws `OciError` `CONTENT_MISMATCH` as soon as more than `size` bytes
 * arrive, and at the end when bytes are missing or the digest differs. The last chunk is withheld until the check has
 * passed, so a consumer never sees the end of a stream that is not what it should be.
 */
export function verified(
  source: Source,
  expected: { digest: Digest; size: number },
  what = expected.digest as string,
): Source {
  return async function* (options) {
    const hash = createHash(algorithmOf(expected.digest))
    let size = 0
    let held: Uint8Array | undefined
    for await (const chunk of source(options)) {
      size += chunk.byteLength
      if (size > expected.size) throw mismatch(what, `more than the ${expected.size} bytes it should have`)
      hash.update(chunk)
      if (held) yield held
      held = chunk
    }
    if (size !== expected.size) throw mismatch(what, `${size} bytes instead of ${expected.size}`)
    const actual = `${algorithmOf(expected.digest)}:${hash.digest('hex')}`
    if (actual !== expected.digest)
      throw mismatch(what, `content with digest ${actual} instead of ${expected.digest}`)
    if (held) yield held
  }
}

function mismatch(what: string, found: string): OciError {
  return new OciError('CONTENT_MISMATCH', `${what}: got ${found}`, { kind: 'environment', retryable: true })
}
