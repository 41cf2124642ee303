/** Files that the signed index vouches for: downloaded once, kept by digest. */
import { type CancelOptions, CodedError, codeOf, type Source, throwIfAborted } from '../../base/index.ts'
import type { Digest } from '../../oci/index.ts'
import { DebianError } from '../debian-error.ts'
import type { DebianCache } from '../ports.ts'
import { displayUrl, type Mirror } from './mirror.ts'
import type { ListedFile } from './release.ts'

/** A file with its checksum, and the places where it can be had. */
export interface PromisedFile extends ListedFile {
  /** tried in this order */
  urls: readonly string[]
}

/**
 * The content from the cache, or from the first place that has it; places that failed for a while are asked once more. Throws `DebianError`: `DEBIAN_CONTENT_MISMATCH` when it is
 * not what the index promises, `DEBIAN_MIRROR_FAILED`.
 */
export async function obtain(
  file: PromisedFile,
  { mirror, cache }: { mirror: Mirror; cache: DebianCache },
  options: CancelOptions,
): Promise<Source> {
  const content = { digest: `sha256:${file.sha256}` as Digest, size: file.size }
  const kept = await cache.openBlob(content, options)
  if (kept) return kept
  let failure: unknown
  let urls = file.urls
  for (const round of ['first', 'again']) {
    const retryable: string[] = []
    for (const url of urls) {
      try {
        await cache.addBlob(content, mirror.content(url), options)
        const added = await cache.openBlob(content, options)
        if (added) return added
      } catch (error) {
        throwIfAborted(options.signal)
        failure = codeOf(error) === 'CONTENT_MISMATCH' ? mismatch(url, error) : error
        if (failure instanceof CodedError && failure.retryable) retryable.push(url)
      }
    }
    urls = round === 'first' ? retryable : []
  }
  throw failure
}

function mismatch(url: string, cause: unknown): DebianError {
  return new DebianError(
    'DEBIAN_CONTENT_MISMATCH',
    `${displayUrl(url)} is not the file that the signed index promises`,
    {
      kind: 'environment',
      hint: 'the mirror is being updated (try again in a few minutes), or a proxy changes content',
      retryable: true,
      cause,
    },
  )
}
