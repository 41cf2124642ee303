/** From a location as written on a command line to a reader or writer. */
import { type CancelOptions, InternalError, type Progress } from '../base/index.ts'
import type { Descriptor, ImageLocation, Reference } from '../oci/index.ts'
import type { ContentCache } from './cache/content-cache.ts'
import { KeptContent } from './kept-content.ts'
import { openRegistryReader } from './registry/registry-reader.ts'
import { openRegistryWriter } from './registry/registry-writer.ts'
import { Repository } from './registry/repository.ts'
import type { ImageReader, ImageWriter } from './store.ts'
import type { Stores } from './stores.ts'

export interface OpenReaderOptions extends CancelOptions {
  /** manifests and blobs that are read from a registry are kept here, and taken from here when they are here already */
  cache?: ContentCache
}

export interface OpenWriterOptions extends CancelOptions {
  /** hears warnings, such as a daemon that keeps only one of several platforms */
  progress?: Progress
}

/** Opens an image for reading. Throws `StoreError`, `RegistryError`, `OciError`. */
export async function openReader(
  location: ImageLocation,
  stores: Stores,
  { cache, signal }: OpenReaderOptions,
): Promise<ImageReader> {
  switch (location.transport) {
    case 'docker': {
      const { registry, repository } = location.reference
      const place = new Repository(stores.registry(registry), repository, 'pull')
      return openRegistryReader(place, location.reference, cache && new KeptContent(cache), { signal })
    }
    default:
      throw new InternalError(`not written yet: reading ${location.transport}`)
  }
}

/** Opens a place for writing. Throws `StoreError`, `RegistryError`. */
export async function openWriter(
  location: ImageLocation,
  stores: Stores,
  _options: OpenWriterOptions,
): Promise<ImageWriter> {
  switch (location.transport) {
    case 'docker': {
      const { registry, repository } = location.reference
      const place = new Repository(stores.registry(registry), repository, 'pull,push')
      return openRegistryWriter(place, location.reference)
    }
    default:
      throw new InternalError(`not written yet: writing ${location.transport}`)
  }
}

/** What a registry's tag points at now, with one HEAD request; undefined when there is no such tag or repository. */
export async function resolveReference(
  reference: Reference,
  stores: Stores,
  options: CancelOptions,
): Promise<Descriptor | undefined> {
  const repository = new Repository(stores.registry(reference.registry), reference.repository, 'pull')
  return repository.headManifest(reference.digest ?? reference.tag ?? 'latest', options)
}
