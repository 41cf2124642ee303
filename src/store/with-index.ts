import { digestOf, encodeDocument, type ImageIndex } from '../oci/index.ts'
import type { ImageReader } from './store.ts'

/** The same image under another index: a new root over unchanged manifests. */
export function withIndex(reader: ImageReader, index: ImageIndex): ImageReader {
  const bytes = encodeDocument(index)
  const { mediaType } = reader.root.descriptor
  const root = { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength } }
  return {
    name: reader.name,
    root,
    ...(reader.reference ? { reference: reader.reference } : {}),
    manifest: async (descriptor, options) =>
      descriptor.digest === root.descriptor.digest ? root : reader.manifest(descriptor, options),
    blob: (descriptor) => reader.blob(descriptor),
    referrers: (digest, options) => reader.referrers(digest, options),
    close: () => reader.close(),
  }
}
