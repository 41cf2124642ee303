/** Content of registries that is kept in the cache: what has a digest need not be fetched twice. */
import { type CancelOptions, collect, fromBytes, type Source } from '../base/index.ts'
import { type Descriptor, type Digest, markVerified, maxManifestBytes } from '../oci/index.ts'
import type { ContentCache } from './cache/content-cache.ts'
import type { StoredManifest } from './store.ts'

const area = 'manifest'

export class KeptContent {
  readonly #cache: ContentCache

  constructor(cache: ContentCache) {
    this.#cache = cache
  }

  /** A manifest that was kept before. */
  async manifest(digest: Digest, { signal }: CancelOptions): Promise<StoredManifest | undefined> {
    const record = (await this.#cache.record(area, digest)) as Partial<Descriptor> | undefined
    if (typeof record?.mediaType !== 'string' || typeof record.size !== 'number') return undefined
    const { mediaType, size } = record
    const kept = await this.#cache.openBlob({ digest, size }, { signal })
    if (!kept) return undefined
    const bytes = await collect(kept({ signal }), maxManifestBytes, `the manifest ${digest}`)
    return { bytes, descriptor: { mediaType, digest, size } }
  }

  async keepManifest({ descriptor, bytes }: StoredManifest, { signal }: CancelOptions): Promise<void> {
    const { mediaType, digest, size } = descriptor
    await this.#cache.addBlob({ digest, size }, fromBytes(bytes), { signal })
    await this.#cache.setRecord(area, digest, { mediaType, size })
  }

  /** The blob from the cache, into which `fetched` (which checks itself) brings it when it is not there. */
  blob(descriptor: Descriptor, fetched: Source): Source {
    const cache = this.#cache
    const kept: Source = async function* ({ signal }) {
      let content = await cache.openBlob(descriptor, { signal })
      if (!content) {
        await cache.addBlob(descriptor, fetched, { signal })
        content = await cache.openBlob(descriptor, { signal })
      }
      // Another process may have pruned it already.
      yield* (content ?? fetched)({ signal })
    }
    return markVerified(kept, descriptor)
  }
}
