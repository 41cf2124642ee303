/** Digests, as in the OCI image specification, section "Digests" of descriptor.md. Only sha256 is produced; sha512 is read. */
import { createHash } from 'node:crypto'
import { OciError } from './oci-error.ts'

/** `algorithm:hex` of stored bytes. */
export type Digest = string & { readonly __digest: 'content' }

/** Digest of a layer's *uncompressed* tar: the identity of a layer, whatever its compression. */
export type DiffId = string & { readonly __digest: 'diffId' }

const lengths: Record<string, number> = { sha256: 64, sha512: 128 }

export function isDigest(text: string): text is Digest {
  const colon = text.indexOf(':')
  const hex = text.slice(colon + 1)
  return colon > 0 && lengths[text.slice(0, colon)] === hex.length && /^[0-9a-f]+$/.test(hex)
}

/** Throws `OciError` `INVALID_DIGEST`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text
  throw new OciError('INVALID_DIGEST', `${JSON.stringify(text)} is not a digest`, {
    kind: 'usage',
    hint: 'a digest is sha256: followed by 64 hexadecimal digits',
  })
}

/** The sha256 digest of bytes in memory. */
export function digestOf(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** `sha256` of `sha256:…`. */
export function algorithmOf(digest: Digest | DiffId): string {
  return digest.slice(0, digest.indexOf(':'))
}

/** The hexadecimal part. */
export function hexOf(digest: Digest | DiffId): string {
  return digest.slice(digest.indexOf(':') + 1)
}
