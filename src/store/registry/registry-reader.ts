/** An image in a registry. */
import { type CancelOptions, type Source, sleep } from '../../base/index.ts'
import { type Descriptor, type Digest, formatReference, type Reference } from '../../oci/index.ts'
import type { KeptContent } from '../kept-content.ts'
import type { ImageReader, StoredManifest } from '../store.ts'
import { downloadBlob } from './download-blob.ts'
import { listReferrers } from './referrers.ts'
import { RegistryError } from './registry-error.ts'
import { loginCommand } from './refusal-hint.ts'
import type { Repository } from './repository.ts'
import { backoff } from './retry.ts'

/** How often a manifest is asked for that must exist: registries may not show at once what was just stored. */
const lookups = 4

/** Reads what the reference stands for now. Throws `RegistryError` `REGISTRY_NOT_FOUND`. */
export async function openRegistryReader(
  repository: Repository,
  reference: Reference,
  kept: KeptContent | undefined,
  { signal }: CancelOptions,
): Promise<ImageReader> {
  const manifests = new Manifests(repository, kept)
  const { tag = 'latest', digest } = reference
  const root = digest ? await manifests.existing(digest, { signal }) : await manifests.tagged(tag, { signal })
  const pinned = { ...reference, digest: root.descriptor.digest }
  return new RegistryReader(manifests, pinned, formatReference(reference), root)
}

class RegistryReader implements ImageReader {
  readonly name: string
  readonly root: StoredManifest
  readonly reference: Reference
  readonly #manifests: Manifests

  constructor(manifests: Manifests, reference: Reference, name: string, root: StoredManifest) {
    this.#manifests = manifests
    this.reference = reference
    this.name = name
    this.root = root
  }

  async manifest({ digest }: Descriptor, options: CancelOptions): Promise<StoredManifest> {
    if (digest === this.root.descriptor.digest) return this.root
    return this.#manifests.existing(digest, options)
  }

  blob(descriptor: Descriptor): Source {
    const { repository, kept } = this.#manifests
    const download = downloadBlob(repository, descriptor)
    return kept ? kept.blob(descriptor, download) : download
  }

  referrers(digest: Digest, options: CancelOptions): Promise<Descriptor[]> {
    return listReferrers(this.#manifests.repository, digest, options)
  }

  async close(): Promise<void> {}
}

/** A repository's manifests, from the cache where they are kept. */
class Manifests {
  readonly repository: Repository
  readonly kept: KeptContent | undefined

  constructor(repository: Repository, kept: KeptContent | undefined) {
    this.repository = repository
    this.kept = kept
  }

  /** With a cache, asking which digest the tag has comes first: registries count a GET against the user's limit. */
  async tagged(tag: string, options: CancelOptions): Promise<StoredManifest> {
    const { repository, kept } = this
    const current = kept && (await repository.headManifest(tag, options))
    const known = current && (await kept?.manifest(current.digest, options))
    if (known) return known
    const found = await repository.getManifest(tag, options)
    if (!found) throw notFound(repository, tag)
    await kept?.keepManifest(found, options)
    return found
  }

  async existing(digest: Digest, options: CancelOptions): Promise<StoredManifest> {
    const { repository, kept } = this
    const known = await kept?.manifest(digest, options)
    if (known) return known
    for (let lookup = 1; ; lookup++) {
      const found = await repository.getManifest(digest, options)
      if (found) {
        await kept?.keepManifest(found, options)
        return found
      }
      if (lookup >= lookups) throw notFound(repository, digest)
      await sleep(backoff(lookup, repository.client.retry), options)
    }
  }
}

function notFound(repository: Repository, reference: string): RegistryError {
  const separator = reference.includes(':') ? '@' : ':'
  return new RegistryError('REGISTRY_NOT_FOUND', `there is no ${repository.title}${separator}${reference}`, {
    kind: 'environment',
    hint: `check the spelling; if the repository is private, log in: ${loginCommand(repository.client.registry)}`,
    details: { reference: `${repository.title}${separator}${reference}` },
  })
}
