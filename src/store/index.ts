export { type ContentCache, openCache } from './cache/content-cache.ts'
export type { CacheUsage } from './cache/cache-usage.ts'
export { copyImage, type CopyImageOptions, type CopyResult, putImage, type PutImageOptions } from './copy.ts'
export { memoryImage, type MemoryImage } from './memory-image.ts'
export {
  openReader,
  type OpenReaderOptions,
  openWriter,
  type OpenWriterOptions,
  resolveReference,
} from './open.ts'
export { readImageConfig } from './image-config.ts'
export { loginCommand } from './registry/refusal-hint.ts'
export { type FailedExchange, RegistryError, type RegistryErrorCode } from './registry/registry-error.ts'
export type { RetryPolicy } from './registry/retry.ts'
export { platformOfManifest, selectPlatforms } from './select-platforms.ts'
export {
  type DockerSettings,
  type GivenCredentials,
  type ProxySettings,
  type StoreSettings,
  storeSettingsFrom,
} from './settings.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
export type { ImageReader, ImageWriter, PutBlobOptions, StoredManifest } from './store.ts'
export { openStores, type Stores } from './stores.ts'
export type { UnpublishedImage } from './unpublished-image.ts'
export { withIndex } from './with-index.ts'
export { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'
