export type { ImageReader, ImageWriter, PutBlobOptions, StoredManifest } from './store.ts'
