import { type CancelOptions, InternalError, type Source } from '../../base/index.ts'
import type { Digest } from '../../oci/index.ts'

/** What identifies content: a descriptor, or the part of one that matters here. */
export interface ContentIdentity {
  digest: Digest
  /** bytes */
  size: number
}

/** A folder that exists until it is disposed of. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/**
 * everyarch's own content cache: blobs by digest, and small JSON records by area and key. Several processes may use one
 * folder at once. Whatever is damaged counts as absent.
 */
export interface ContentCache {
  readonly folder: string
  /** The blob if it is here (of the right size); its digest is checked while it is read. Marks it as used. */
  openBlob(content: ContentIdentity, options: CancelOptions): Promise<Source | undefined>
  /** Keeps content whose digest is known; checks it. Does nothing when the blob is here already. */
  addBlob(content: ContentIdentity, source: Source, options: CancelOptions): Promise<void>
  /** Keeps content whose digest is not known before it was read to its end. */
  createBlob(content: AsyncIterable<Uint8Array>, options: CancelOptions): Promise<ContentIdentity>
  /** The record that was set under this key; undefined when there is none. The caller checks its shape. */
  record(area: string, key: string): Promise<unknown>
  setRecord(area: string, key: string, value: unknown): Promise<void>
  /** A new folder on the cache's own file system, removed when disposed of; those of dead processes are removed by `prune`. */
  temporaryFolder(): Promise<TemporaryFolder>
  usage(options: CancelOptions): Promise<CacheUsage>
  /** Removes what was not used for longest until at most `maxBytes` remain. */
  prune(options: CancelOptions & { maxBytes: number }): Promise<CacheUsage>
}

export interface CacheUsage {
  blobs: number
  records: number
  bytes: number
}

/** Opens the cache in `folder`, which is made when first written to. */
export function openCache(folder: string): ContentCache {
  throw new InternalError(`not written yet: cache ${folder}`)
}
