/** Reading an image's documents: index, manifests, configurations. What cannot be read becomes part of the view. */
import { type CancelOptions, mapConcurrently } from '../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  isAttestation,
  isIndexType,
  type Platform,
  platformOfConfig,
} from '../oci/index.ts'
import { type ImageReader, readImageConfig } from '../store/index.ts'
import { contentFailure } from './content-failure.ts'
import type { IndexEntry, IndexView } from './rule.ts'

export interface IndexViewOptions extends CancelOptions {
  required: readonly Platform[]
  expectedDigest?: Digest
}

const concurrentReads = 6

/** Reads everything but layers. Throws what the store throws, except where it says that content is absent or wrong. */
export async function readIndexView(
  reader: ImageReader,
  { required, expectedDigest, signal }: IndexViewOptions,
): Promise<IndexView> {
  const { descriptor: root, bytes } = reader.root
  const isIndex = isIndexType(root.mediaType)
  const listed = isIndex ? decodeIndex(bytes, reader.name).manifests : [root]
  const images = listed.filter((entry) => !isAttestation(entry))
  const entries = await mapConcurrently(
    images,
    concurrentReads,
    (descriptor) => readEntry(reader, descriptor, isIndex, { signal }),
    { signal },
  )
  return {
    name: reader.name,
    root,
    isIndex,
    entries,
    attestations: listed.length - images.length,
    required,
    ...(expectedDigest ? { expectedDigest } : {}),
  }
}

async function readEntry(
  reader: ImageReader,
  descriptor: Descriptor,
  isIndex: boolean,
  { signal }: CancelOptions,
): Promise<IndexEntry> {
  const declared = isIndex && descriptor.platform ? { declared: descriptor.platform } : {}
  try {
    const stored = isIndex ? await reader.manifest(descriptor, { signal }) : reader.root
    const manifest = decodeManifest(stored.bytes, `manifest ${descriptor.digest}`)
    const config = await readImageConfig(reader, manifest, { signal })
    return { descriptor, ...declared, configured: platformOfConfig(config), manifest, config }
  } catch (error) {
    const failure = contentFailure(error)
    if (failure === undefined) throw error
    return { descriptor, ...declared, failure }
  }
}

/** The platform that an engine takes an entry for: what the index says, else what the configuration says. */
export function platformOf({ declared, configured }: IndexEntry): Platform | undefined {
  return declared ?? configured
}

/** The diffIDs of all layers of an image: what `verifyImage` may trust when the image was verified before. */
export async function layersOf(reader: ImageReader, { signal }: CancelOptions): Promise<Set<string>> {
  const { entries } = await readIndexView(reader, { required: [], signal })
  return new Set(entries.flatMap(({ config }) => config?.rootfs.diff_ids ?? []))
}
