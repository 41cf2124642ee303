/** One platform of an image, with what is needed to run it. */
import { type CancelOptions } from '../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  formatPlatform,
  type ImageConfig,
  isAttestation,
  isIndexType,
  type Platform,
  platformOfConfig,
} from '../oci/index.ts'
import { type ImageReader, readImageConfig, selectPlatforms, type StoredManifest } from '../store/index.ts'

export interface PlatformImage {
  platform: Platform
  manifest: StoredManifest
  /** the descriptor of its configuration: what Docker's classic store calls the image ID */
  configDescriptor: Descriptor
  config: ImageConfig
  layers: readonly Descriptor[]
}

/**
 * The images of these platforms, all of them when none are named; attestations are left out. Throws `StoreError`
 * `PLATFORM_MISSING`, `OciError`.
 */
export async function platformImages(
  reader: ImageReader,
  platforms: readonly Platform[] | undefined,
  { signal }: CancelOptions,
): Promise<PlatformImage[]> {
  const selected = platforms ? await selectPlatforms(reader, platforms, { signal }) : reader
  const { descriptor, bytes } = selected.root
  if (!isIndexType(descriptor.mediaType)) return [await platformImage(selected, selected.root, { signal })]
  const images: PlatformImage[] = []
  for (const entry of decodeIndex(bytes, selected.name).manifests) {
    if (isAttestation(entry)) continue
    images.push(await platformImage(selected, await selected.manifest(entry, { signal }), { signal }))
  }
  return images
}

async function platformImage(
  reader: ImageReader,
  manifest: StoredManifest,
  { signal }: CancelOptions,
): Promise<PlatformImage> {
  const decoded = decodeManifest(manifest.bytes, `a manifest of ${reader.name}`)
  const config = await readImageConfig(reader, decoded, { signal })
  const { config: configDescriptor, layers } = decoded
  return { platform: platformOfConfig(config), manifest, configDescriptor, config, layers }
}

/** How messages call it: `linux/arm64 of oci:out/image`. */
export function imageName(reader: ImageReader, { platform }: PlatformImage): string {
  return `${formatPlatform(platform)} of ${reader.name}`
}
