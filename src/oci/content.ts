/** Content with an identity: every stream from outside passes a check of size and digest, and fails on mismatch. */
import { createHash } from 'node:crypto'
import type { Source } from '../base/index.ts'
import { algorithmOf, type Digest } from './digest.ts'
import { OciError } from './oci-error.ts'

/** What identifies content: a descriptor, or the part of one that matters here. */
export interface ContentIdentity {
  digest: Digest
  /** bytes */
  size: number
}

/** What sources that are checked already are checked against. */
const checkedFor = new WeakMap<Source, ContentIdentity>()

/**
 * The same content, checked while it is read: throws `OciError` `CONTENT_MISMATCH` as soon as more than `size` bytes
 * arrive, and at the end when bytes are missing or the digest differs. The last chunk is withheld until the check has
 * passed, so a consumer never sees the end of a stream that is not what it should be. A source that makes this check
 * already is returned as it is: hashing gigabytes twice takes time and proves nothing more.
 */
export function verified(
  source: Source,
  expected: ContentIdentity,
  what = expected.digest as string,
): Source {
  const known = checkedFor.get(source)
  if (known?.digest === expected.digest && known.size === expected.size) return source
  return markVerified(checking(source, expected, what), expected)
}

/** Declares that a source checks its content against `expected` itself, as what wraps a `verified` source does. */
export function markVerified(source: Source, { digest, size }: ContentIdentity): Source {
  checkedFor.set(source, { digest, size })
  return source
}

function checking(source: Source, expected: ContentIdentity, what: string): Source {
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
