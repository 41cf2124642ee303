/** Everything that an image consists of, found by walking from its root. */
import { type CancelOptions, mapConcurrently } from '../base/index.ts'
import { decodeIndex, decodeManifest, type Descriptor, isIndexType, isManifestType } from '../oci/index.ts'
import type { ImageReader, StoredManifest } from './store.ts'
import { StoreError } from './store-error.ts'

export interface ImageContent {
  /** in levels: each manifest stands in a later level than everything that it refers to; the last is the root alone */
  levels: StoredManifest[][]
  /** configurations and layers, each digest once, in the order of their first mention */
  blobs: Descriptor[]
}

/** Indexes in indexes: nobody nests them deeper, and a loop would never end. */
const maxDepth = 6
const maxManifests = 4096
const readsAtOnce = 8

/** Reads all manifests of an image. Throws `StoreError` `STORE_INVALID` for one that is nested beyond all measure. */
export async function imageContent(reader: ImageReader, options: CancelOptions): Promise<ImageContent> {
  const depths = new Map<string, { manifest: StoredManifest; depth: number }>()
  const blobs = new Map<string, Descriptor>()
  let level: StoredManifest[] = [reader.root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth || depths.size > maxManifests) throw tooLarge(reader.name)
    const children = new Map<string, Descriptor>()
    for (const manifest of level) {
      depths.set(manifest.descriptor.digest, { manifest, depth })
      const parts = partsOf(manifest)
      for (const blob of parts.blobs) if (!blobs.has(blob.digest)) blobs.set(blob.digest, blob)
      for (const child of parts.manifests) children.set(child.digest, child)
    }
    level = await mapConcurrently(
      [...children.values()],
      readsAtOnce,
      (child) => reader.manifest(child, options),
      options,
    )
  }
  return { levels: bottomUp([...depths.values()]), blobs: [...blobs.values()] }
}

/** What a manifest refers to. */
export function partsOf({ descriptor, bytes }: StoredManifest): {
  manifests: Descriptor[]
  blobs: Descriptor[]
} {
  if (!isIndexType(descriptor.mediaType)) {
    const { config, layers } = decodeManifest(bytes, `manifest ${descriptor.digest}`)
    return { manifests: [], blobs: [config, ...layers.filter(isDistributable)] }
  }
  const { manifests: entries } = decodeIndex(bytes, `index ${descriptor.digest}`)
  const isManifest = ({ mediaType }: Descriptor) => isIndexType(mediaType) || isManifestType(mediaType)
  return {
    manifests: entries.filter(isManifest),
    blobs: entries.filter((entry) => !isManifest(entry)),
  }
}

/** Layers of Windows bases stay with their publisher and are in no other registry. */
function isDistributable({ mediaType }: Descriptor): boolean {
  return !/nondistributable|\.foreign\./.test(mediaType)
}

function bottomUp(found: readonly { manifest: StoredManifest; depth: number }[]): StoredManifest[][] {
  const levels: StoredManifest[][] = []
  for (const { manifest, depth } of found) (levels[depth] ??= []).push(manifest)
  return levels.filter((level) => level !== undefined).reverse()
}

function tooLarge(name: string): StoreError {
  return new StoreError('STORE_INVALID', `${name} nests its indexes too deeply or has too many manifests`, {
    kind: 'environment',
    details: { maxDepth, maxManifests },
  })
}
