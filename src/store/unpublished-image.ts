import type { Finding } from '../base/index.ts'
import type { DiffId, Digest, Platform, Reference } from '../oci/index.ts'
import type { ImageReader } from './store.ts'

/**
 * Where every engine's work ends: an image index that is complete and has no name yet. What comes after (verify, smoke,
 * publish) knows nothing of engines.
 */
export interface UnpublishedImage {
  /** its root is an index; closing it removes what the engine kept for it */
  reader: ImageReader
  platforms: readonly Platform[]
  /** absent where the engine cannot tell it */
  base?: { name: string; digest?: Digest; repository?: Reference }
  /** diffIDs of layers that come from the base, and are trusted as it is */
  baseDiffIds: ReadonlySet<DiffId>
  /** what layers are, for people; the others are the base's */
  layerNames: ReadonlyMap<Digest, string>
  /** what the engine itself found */
  findings: readonly Finding[]
}
