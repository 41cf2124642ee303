import { InternalError, type Source } from '../base/index.ts'
import type { Digest } from '../oci/index.ts'
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
export function memoryImage(image: MemoryImage): ImageReader {
  throw new InternalError(`not written yet: memoryImage ${image.name}`)
}
