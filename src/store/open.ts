/** From a location as written on a command line to a reader or writer. */
import { tmpdir } from 'node:os'
import { assertNever, type CancelOptions, type Progress } from '../base/index.ts'
import type { Descriptor, ImageLocation, Reference } from '../oci/index.ts'
import type { ContentCache } from './cache/content-cache.ts'
import { KeptContent } from './kept-content.ts'
import { openRegistryReader } from './registry/registry-reader.ts'
import { openRegistryWriter } from './registry/registry-writer.ts'
import { Repository } from './registry/repository.ts'
import { openArchiveWriter } from './archive/archive-writer.ts'
import { openDockerArchiveReader } from './archive/docker-archive-reader.ts'
import { openTarFiles } from './archive/tar-files.ts'
import { openDaemonReader } from './daemon/daemon-reader.ts'
import { DaemonWriter } from './daemon/daemon-writer.ts'
import { closingOnFailure, type ImageFiles } from './layout/image-files.ts'
import { openLayoutFolder } from './layout/layout-folder.ts'
import { openLayoutReader } from './layout/layout-reader.ts'
import { openLayoutWriter } from './layout/layout-writer.ts'
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
    case 'oci':
      return openLayoutReader(await openLayoutFolder(location.path), location.tag, { signal })
    case 'oci-archive': {
      const files = await tarFiles(location, stores, { signal })
      return closingOnFailure(files, () => openLayoutReader(files, location.tag, { signal }))
    }
    case 'docker-archive': {
      const files = await tarFiles(location, stores, { signal })
      return closingOnFailure(files, () => openDockerArchiveReader(files, location.tag, { signal }))
    }
    case 'docker-daemon': {
      const temporary = temporaryFolderOf(stores)
      return openDaemonReader(await stores.engine(), location.reference, { temporary, signal })
    }
    default:
      return assertNever(location)
  }
}

/** Opens a place for writing. Throws `StoreError`, `RegistryError`. */
export async function openWriter(
  location: ImageLocation,
  stores: Stores,
  { progress }: OpenWriterOptions,
): Promise<ImageWriter> {
  const { hostPlatform } = stores.settings
  switch (location.transport) {
    case 'docker': {
      const { registry, repository } = location.reference
      const place = new Repository(stores.registry(registry), repository, 'pull,push')
      return openRegistryWriter(place, location.reference)
    }
    case 'oci':
      return openLayoutWriter(location.path, location.tag)
    case 'oci-archive':
    case 'docker-archive':
      return openArchiveWriter(location, hostPlatform)
    case 'docker-daemon': {
      const { reference } = location
      return new DaemonWriter(await stores.engine(), { reference, hostPlatform, progress })
    }
    default:
      return assertNever(location)
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

function tarFiles(
  { transport, path }: { transport: string; path: string },
  stores: Stores,
  { signal }: CancelOptions,
): Promise<ImageFiles> {
  return openTarFiles(path, { name: `${transport}:${path}`, temporary: temporaryFolderOf(stores), signal })
}

function temporaryFolderOf({ settings }: Stores): string {
  return settings.temporaryFolder ?? tmpdir()
}
