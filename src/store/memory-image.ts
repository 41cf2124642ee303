import { InternalError, type Source } from '../base/index.ts'
import { type Digest, type Descriptor, verified } from '../oci/index.ts'
import type { ImageReader, StoredManifest } from './store.ts'

export interface MemoryImage {
  /** for messages */
  name: string
  root: StoredManifest
  /** every manifest below the root */
  manifests: readonly StoredManifest[]
  /** content of configurations and layers, by digest; checked whenever it is read */
  blobs: ReadonlyMap<Digest, Source>
}

/** An image assembled in this process: manifests in memory, blobs as content that can be opened again. */
export function memoryImage({ name, root, manifests, blobs }: MemoryImage): ImageReader {
  const byDigest = new Map([...manifests, root].map((manifest) => [manifest.descriptor.digest, manifest]))
  return {
    name,
    root,
    async manifest({ digest }) {
      const manifest = byDigest.get(digest)
      if (!manifest) throw new InternalError(`${name} was assembled without its manifest ${digest}`)
      return manifest
    },
    blob(descriptor: Descriptor) {
      const content = blobs.get(descriptor.digest)
      if (!content) throw new InternalError(`${name} was assembled without its blob ${descriptor.digest}`)
      return verified(content, descriptor)
    },
    async referrers() {
      return []
    },
    async close() {},
  }
}
