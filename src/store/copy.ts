import { type CancelOptions, InternalError, type Progress } from '../base/index.ts'
import type { Descriptor, Reference } from '../oci/index.ts'
import type { ImageReader, ImageWriter } from './store.ts'

export interface PutImageOptions extends CancelOptions {
  /** hears bytes of station `push` */
  progress?: Progress
  /** transfers under way at once; 6 when absent */
  limit?: number
  /** repositories whose blobs may be mounted instead of sent; the reader's own repository is always among them */
  mountFrom?: readonly Reference[]
}

export interface CopyImageOptions extends PutImageOptions {
  /** names for the root; when empty or absent, the name that the writer's location has */
  tags?: readonly Reference[]
}

/** What a copy did with the distinct blobs and manifests of an image. */
export interface CopyResult {
  /** the root as stored */
  root: Descriptor
  sent: { blobs: number; bytes: number }
  mounted: { blobs: number; bytes: number }
  /** was there already */
  present: { blobs: number; bytes: number }
  manifests: { sent: number; present: number }
}

/**
 * Stores everything reachable from the reader's root (children, configurations, layers, attestations) without giving it a
 * name: blobs first, then manifests bottom up, the root last. What the store has already is not sent, so a second run
 * continues a first that was cut off.
 */
export async function putImage(
  _reader: ImageReader,
  _writer: ImageWriter,
  _options: PutImageOptions,
): Promise<CopyResult> {
  throw new InternalError('not written yet: putImage')
}

/** `putImage`, then the names, then `commit`. Until everything is stored no name moves. */
export async function copyImage(
  _reader: ImageReader,
  _writer: ImageWriter,
  _options: CopyImageOptions,
): Promise<CopyResult> {
  throw new InternalError('not written yet: copyImage')
}
