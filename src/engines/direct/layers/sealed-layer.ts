import type { Descriptor, DiffId } from '../../../oci/index.ts'

/** A layer whose bytes exist: only `sealLayer` and a cache record make one, so nobody can ask a draft for its digest. */
export interface SealedLayer {
  /** identity: digest of the uncompressed tar */
  diffId: DiffId
  /** the compressed blob; a record, since another compressor may give other bytes for the same diffID */
  descriptor: Descriptor
  /** bytes of the uncompressed tar */
  uncompressedSize: number
  /** the history entry's `created_by` */
  createdBy: string
}
