/**
 * The one small interface behind which every place an image can live stands: a registry repository, an OCI layout folder,
 * an archive, a Docker daemon. What comes after an engine knows nothing of engines and nothing of places.
 */
import type { CancelOptions, Source } from '../base/index.ts'
import type { Descriptor, Digest } from '../oci/index.ts'

/** Manifest bytes exactly as stored, with the media type that they are served as. */
export interface StoredManifest {
  descriptor: Descriptor
  bytes: Uint8Array
}

/** An image that can be read. Opening one costs at most the resolution of its tag; blobs are fetched when opened. */
export interface ImageReader {
  /** what the location was called, for messages: `ghcr.io/acme/shop:1.4.0`, `oci:out/image` */
  readonly name: string
  /** the index or manifest that the location points at */
  readonly root: StoredManifest
  /** A manifest of this image by digest, verified against it. Throws the store's coded error. */
  manifest(descriptor: Descriptor, options: CancelOptions): Promise<StoredManifest>
  /** A blob's content, verified while it is read. Opens nothing until it is iterated. */
  blob(descriptor: Descriptor): Source
  /** Manifests whose `subject` is the given digest (OCI referrers), or an empty list where a store has none. */
  referrers(digest: Digest, options: CancelOptions): Promise<Descriptor[]>
  close(): Promise<void>
}

/** Where an image can be written to. Nothing becomes visible under a name before `tag`. */
export interface ImageWriter {
  readonly name: string
  /** Whether the store has this blob already. */
  hasBlob(descriptor: Descriptor, options: CancelOptions): Promise<boolean>
  /**
   * Stores a blob. `mountFrom` names repositories of the same registry that hold it already. Calls `onBytes` with the number
   * of bytes sent so far. Resolves only when the store has accepted content of this digest.
   */
  putBlob(descriptor: Descriptor, content: Source, options: PutBlobOptions): Promise<'sent' | 'mounted'>
  /** Whether the store has this manifest already. */
  hasManifest(descriptor: Descriptor, options: CancelOptions): Promise<boolean>
  /** Stores manifest bytes by digest, without a name. */
  putManifest(manifest: StoredManifest, options: CancelOptions): Promise<void>
  /** Gives a stored manifest a name. The one operation that users of the store can see. */
  tag(manifest: StoredManifest, tag: string | undefined, options: CancelOptions): Promise<void>
  /** Completes a store that is written as a whole (archives, folders): nothing of it is visible before. */
  commit(options: CancelOptions): Promise<void>
  /** Drops whatever an unfinished write left behind; safe to call after `commit`. */
  close(): Promise<void>
}

export interface PutBlobOptions extends CancelOptions {
  mountFrom?: readonly string[]
  onBytes?: (sent: number) => void
}
