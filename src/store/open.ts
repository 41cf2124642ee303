import { type CancelOptions, InternalError, type Progress } from '../base/index.ts'
import type { Descriptor, ImageLocation, Reference } from '../oci/index.ts'
import type { ContentCache } from './cache/content-cache.ts'
import type { StoreSettings } from './settings.ts'
import type { ImageReader, ImageWriter } from './store.ts'

/** What the readers and writers of one run share: settings, connections, tokens. Made once, by the command line. */
export interface Stores {
  readonly settings: StoreSettings
  /** Closes idle connections. */
  close(): Promise<void>
}

export interface OpenReaderOptions extends CancelOptions {
  /** manifests and blobs that are read from a registry are kept here, and taken from here when they are here already */
  cache?: ContentCache
}

export interface OpenWriterOptions extends CancelOptions {
  /** hears warnings, such as a daemon that keeps only one of several platforms */
  progress?: Progress
}

/** Connects nothing yet. */
export function openStores(settings: StoreSettings): Stores {
  return { settings, close: async () => {} }
}

/** Opens an image for reading. Throws `StoreError`, `RegistryError`, `OciError`. */
export async function openReader(
  _location: ImageLocation,
  _stores: Stores,
  _options: OpenReaderOptions,
): Promise<ImageReader> {
  throw new InternalError('not written yet: openReader')
}

/** Opens a place for writing. Throws `StoreError`, `RegistryError`. */
export async function openWriter(
  _location: ImageLocation,
  _stores: Stores,
  _options: OpenWriterOptions,
): Promise<ImageWriter> {
  throw new InternalError('not written yet: openWriter')
}

/** What a registry's tag points at now, with one HEAD request; undefined when there is no such tag or repository. */
export async function resolveReference(
  _reference: Reference,
  _stores: Stores,
  _options: CancelOptions,
): Promise<Descriptor | undefined> {
  throw new InternalError('not written yet: resolveReference')
}
