export {
  type CacheUsage,
  type ContentCache,
  type ContentIdentity,
  openCache,
  type TemporaryFolder,
} from './cache/content-cache.ts'
export { copyImage, type CopyImageOptions, type CopyResult, putImage, type PutImageOptions } from './copy.ts'
export { memoryImage, type MemoryImage } from './memory-image.ts'
export {
  openReader,
  type OpenReaderOptions,
  openStores,
  openWriter,
  type OpenWriterOptions,
  resolveReference,
  type Stores,
} from './open.ts'
export { selectPlatforms } from './select-platforms.ts'
export {
  type DockerSettings,
  type GivenCredentials,
  type ProxySettings,
  type StoreSettings,
  storeSettingsFrom,
} from './settings.ts'
export type { ImageReader, ImageWriter, PutBlobOptions, StoredManifest } from './store.ts'
