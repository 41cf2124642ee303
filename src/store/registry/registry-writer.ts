/** A repository of a registry, to write an image to. */
import { type CancelOptions, InternalError, type Source, sleep } from '../../base/index.ts'
import { type Descriptor, formatReference, type Reference } from '../../oci/index.ts'
import type { ImageWriter, PutBlobOptions, StoredManifest } from '../store.ts'
import { hasSubject, recordReferrer } from './referrers.ts'
import { RegistryError } from './registry-error.ts'
import type { Repository } from './repository.ts'
import { backoff } from './retry.ts'
import { uploadBlob } from './upload-blob.ts'

/** How often a manifest is sent whose parts the registry does not see yet, although they were stored before. */
const lagAttempts = 4

/** Asks nothing of the registry yet. */
export function openRegistryWriter(repository: Repository, reference: Reference): ImageWriter {
  return new RegistryWriter(repository, reference)
}

class RegistryWriter implements ImageWriter {
  readonly name: string
  readonly #repository: Repository
  readonly #reference: Reference

  constructor(repository: Repository, reference: Reference) {
    this.#repository = repository
    this.#reference = reference
    this.name = formatReference(reference)
  }

  hasBlob(descriptor: Descriptor, options: CancelOptions): Promise<boolean> {
    return this.#repository.hasBlob(descriptor, options)
  }

  putBlob(descriptor: Descriptor, content: Source, options: PutBlobOptions): Promise<'sent' | 'mounted'> {
    return uploadBlob(this.#repository, descriptor, content, options)
  }

  async hasManifest({ digest }: Descriptor, options: CancelOptions): Promise<boolean> {
    return (await this.#repository.headManifest(digest, options)) !== undefined
  }

  async putManifest(manifest: StoredManifest, options: CancelOptions): Promise<void> {
    const { tracksSubject } = await this.#put(manifest, manifest.descriptor.digest, options)
    if (!tracksSubject && hasSubject(manifest)) await recordReferrer(this.#repository, manifest, options)
  }

  async tag(manifest: StoredManifest, name: Reference | undefined, options: CancelOptions): Promise<void> {
    const { registry, repository, tag } = name ?? this.#reference
    if (registry !== this.#reference.registry || repository !== this.#reference.repository) {
      throw new InternalError(`${this.name} cannot be given the name ${registry}/${repository}`)
    }
    if (tag === undefined) return
    // A tag that is there already stays untouched: repositories with immutable tags would refuse it.
    const current = await this.#repository.headManifest(tag, options)
    if (current?.digest === manifest.descriptor.digest) return
    await this.#put(manifest, tag, options)
  }

  async commit(): Promise<void> {}

  async close(): Promise<void> {}

  /** A registry may not see at once what it has just stored, and complain about a manifest's unknown parts. */
  async #put(
    manifest: StoredManifest,
    reference: string,
    options: CancelOptions,
  ): Promise<{ tracksSubject: boolean }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#repository.putManifest(manifest, reference, options)
      } catch (error) {
        if (attempt >= lagAttempts || !isLag(error)) throw error
        await sleep(backoff(attempt, this.#repository.client.retry), options)
      }
    }
  }
}

function isLag(error: unknown): boolean {
  return (
    error instanceof RegistryError &&
    error.complains('BLOB_UNKNOWN', 'MANIFEST_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN')
  )
}
