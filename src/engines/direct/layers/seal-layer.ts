/**
 * From entries to a sealed layer: tar, hash, compress, hash and store in one pass, or from the cache without any of it.
 * A layer's *key* is made of everything that its bytes depend on; the cache maps it to diffID and descriptor.
 */
import { createHash } from 'node:crypto'
import type { CancelOptions } from '../../../base/index.ts'
import { type Compression, type Descriptor, type DiffId, layerMediaType } from '../../../oci/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import { compress, type LayerEntry, writeTar } from '../../../tar/index.ts'
import type { SealedLayer } from './sealed-layer.ts'

/** Changed when the same inputs would give other bytes than an earlier release gave. */
const formatVersion = 1

export interface LayerSettings {
  compression: Exclude<Compression, 'none'>
  level: number | undefined
  /** seconds; every entry's modification time */
  mtime: number
}

export interface LayerDraft {
  createdBy: string
  entries(options: CancelOptions): AsyncIterable<LayerEntry> | Iterable<LayerEntry>
}

/** A draft that need not be made when it was made before. */
export interface KeyedDraft extends LayerDraft {
  /** everything that the entries depend on; any JSON value */
  key: unknown
}

export interface SealOptions extends CancelOptions {
  /** bytes of tar written so far */
  onBytes?: (done: number) => void
}

type LayerRecord = Omit<SealedLayer, 'createdBy'>

export interface SealResult {
  layer: SealedLayer
  cached: boolean
}

/** The layer of a draft: from the cache when its blob is whole there, else made. */
export async function sealLayer(
  draft: KeyedDraft,
  cache: ContentCache,
  settings: LayerSettings,
  options: SealOptions,
): Promise<SealResult> {
  const key = JSON.stringify([formatVersion, settings, draft.key])
  const known = await findSealed(key, cache, options)
  if (known) return { layer: { ...known, createdBy: draft.createdBy }, cached: true }
  const layer = await makeLayer(draft, cache, settings, options)
  const { createdBy: _, ...record } = layer
  await cache.setRecord('layer', key, record)
  return { layer, cached: false }
}

async function findSealed(
  key: string,
  cache: ContentCache,
  { signal }: CancelOptions,
): Promise<LayerRecord | undefined> {
  const known = (await cache.record('layer', key)) as LayerRecord | undefined
  return known && (await cache.openBlob(known.descriptor, { signal })) ? known : undefined
}

/** Makes the layer of a draft, whatever the cache has. */
export async function makeLayer(
  draft: LayerDraft,
  cache: ContentCache,
  settings: LayerSettings,
  { signal, onBytes }: SealOptions,
): Promise<SealedLayer> {
  const hash = createHash('sha256')
  let size = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of writeTar(draft.entries({ signal }), { signal })) {
      hash.update(chunk)
      size += chunk.byteLength
      onBytes?.(size)
      yield chunk
    }
  }
  const { compression, level } = settings
  const compressed = compress(counted(), { compression, signal, ...(level === undefined ? {} : { level }) })
  const blob = await cache.createBlob(compressed, { signal })
  const descriptor: Descriptor = {
    mediaType: layerMediaType(compression),
    digest: blob.digest,
    size: blob.size,
  }
  const diffId = `sha256:${hash.digest('hex')}` as DiffId
  return { diffId, descriptor, uncompressedSize: size, createdBy: draft.createdBy }
}
