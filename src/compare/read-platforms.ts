/** The platforms of an image, with the documents that say what each is made of. */
import { type CancelOptions, mapConcurrently } from '../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  formatPlatform,
  type ImageConfig,
  isAttestation,
  isIndexType,
  type Manifest,
  platformOfConfig,
} from '../oci/index.ts'
import { type ImageReader, readImageConfig, type StoredManifest } from '../store/index.ts'

export interface ImagePlatform {
  readonly platform: string
  readonly manifest: Manifest
  readonly config: ImageConfig
}

const concurrentReads = 6

/** Everything but layers; attestations are left out. Throws what the store throws, and `OciError`. */
export async function readPlatforms(
  reader: ImageReader,
  { signal }: CancelOptions,
): Promise<ImagePlatform[]> {
  const { root } = reader
  if (!isIndexType(root.descriptor.mediaType)) return [await readPlatform(reader, root, { signal })]
  const entries = decodeIndex(root.bytes, reader.name).manifests.filter((entry) => !isAttestation(entry))
  return mapConcurrently(
    entries,
    concurrentReads,
    async (entry) => readPlatform(reader, await reader.manifest(entry, { signal }), { signal }),
    { signal },
  )
}

async function readPlatform(
  reader: ImageReader,
  { bytes, descriptor }: StoredManifest,
  options: CancelOptions,
): Promise<ImagePlatform> {
  const manifest = decodeManifest(bytes, `manifest ${descriptor.digest}`)
  const config = await readImageConfig(reader, manifest, options)
  return { platform: formatPlatform(platformOfConfig(config)), manifest, config }
}
