/**
 * The one small interface behind which every place an image can live stands: a registry repository, an OCI layout folder,
 * an archive, a Docker daemon. What comes after an engine knows nothing of engines and nothing of places.
 */
import type { CancelOptions, Source } from '../base/index.ts'
import type { Descriptor, Digest, Reference } from '../oci/index.ts'

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
  /** the registry repository it is read from, pinned by digest; absent where the image does not live in a registry */
  readonly reference?: Reference
  /** A manifest of this image by digest, verified against it. Throws the store's coded error. */
  manifest(descriptor: Descriptor, options: CancelOptions): Promise<StoredManifest>
  /** A blob's content, verified while it is read. Opens nothing until it is iterated. */
  blob(descriptor: Descriptor): Source
  /** Manifests whose `subject` is the given digest (OCI referrers), or an empty list where a store has none. */
  referrers(digest: Digest, options: CancelOptions): Promise<Descriptor[]>
  close(): Promise<void>
}

/**
 * Where an image can be written to. Nothing becomes visible under a name before `tag`, and in a store that is written as a
 * whole (archives, folders, daemons) nothing at all before `commit`.
 */
export interface ImageWriter {
  readonly name: string
  /** Whether the store has this blob already. */
  hasBlob(descriptor: Descriptor, options: CancelOptions): Promise<boolean>
  /**
   * Stores a blob. Resolves when the store has accepted content of this digest; a store that is written as a whole only
   * remembers the content here, and reads it during `commit`.
   */
  putBlob(descriptor: Descriptor, content: Source, options: PutBlobOptions): Promise<'sent' | 'mounted'>
  /** Whether the store has this manifest already. */
  hasManifest(descriptor: Descriptor, options: CancelOptions): Promise<boolean>
  /** Stores manifest bytes by digest, without a name. Everything they refer to must be stored before. */
  putManifest(manifest: StoredManifest, options: CancelOptions): Promise<void>
  /**
   * Gives a stored manifest a name; the one operation that users of the store can see. `name` is the whole reference:
   * a registry takes its tag, a layout records tag and reference, a daemon loads it under the reference. Without `name` the
   * manifest gets the name that the location was opened with, which may be none.
   */
  tag(manifest: StoredManifest, name: Reference | undefined, options: CancelOptions): Promise<void>
  /** Completes a store that is written as a whole: nothing of it is visible before. */
  commit(options: CancelOptions): Promise<void>
  /** Drops whatever an unfinished write left behind; safe to call after `commit`. */
  close(): Promise<void>
}

export interface PutBlobOptions extends CancelOptions {
  /** repositories that hold the blob already; those of the writer's own registry are tried for a cross-repository mount */
  mountFrom?: readonly Reference[]
  /** called with the number of bytes sent so far; it falls back when a piece has to be sent again */
  onBytes?: (sent: number) => void
}
