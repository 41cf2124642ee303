/** The part of an archive that stores which keep one platform can read: one image for each name. */
import { type CancelOptions, collect } from '../../base/index.ts'
import {
  bestMatch,
  decodeImageConfig,
  decodeIndex,
  decodeManifest,
  encodeDocument,
  familiarReference,
  formatPlatform,
  isAttestation,
  isIndexType,
  maxConfigBytes,
  normalizePlatform,
  type Platform,
  platformOfConfig,
} from '../../oci/index.ts'
import { blobPath } from '../layout/image-files.ts'
import type { StoredManifest } from '../store.ts'
import type { ArchiveContents } from './archive-contents.ts'
import type { DockerManifestEntry } from './docker-manifest.ts'

export interface ClassicImage {
  manifest: StoredManifest
  platform: Platform
  /** the platforms that had to be left out */
  others: Platform[]
}

/**
 * For each named root the image that a store of one platform gets: the one for `host` where there is one, else the first.
 * Roots without an image of any platform have none.
 */
export async function classicImages(
  contents: ArchiveContents,
  host: Platform | undefined,
  options: CancelOptions,
): Promise<Map<StoredManifest, ClassicImage>> {
  const chosen = new Map<StoredManifest, ClassicImage>()
  for (const { manifest: root } of contents.names) {
    const images = await imagesBelow(contents, root, options)
    const image = (host && bestMatch(images, ({ platform }) => platform, host)) ?? images[0]
    if (!image) continue
    const own = formatPlatform(image.platform)
    const others = images
      .map(({ platform }) => platform)
      .filter((platform) => formatPlatform(platform) !== own)
    chosen.set(root, { ...image, others })
  }
  return chosen
}

/** The bytes of `manifest.json` for these images, each under the names of its root. */
export function dockerManifest(
  contents: ArchiveContents,
  images: ReadonlyMap<StoredManifest, ClassicImage>,
): Uint8Array {
  const entries = [...images].map(([root, { manifest }]): DockerManifestEntry => {
    const { config, layers } = decodeManifest(manifest.bytes, manifest.descriptor.digest)
    const names = contents.names.filter((name) => name.manifest === root)
    return {
      Config: blobPath(config.digest),
      RepoTags: names.flatMap(({ reference }) => (reference ? [familiarReference(reference)] : [])),
      Layers: layers.map(({ digest }) => blobPath(digest)),
    }
  })
  return encodeDocument(entries)
}

async function imagesBelow(
  contents: ArchiveContents,
  root: StoredManifest,
  options: CancelOptions,
): Promise<{ manifest: StoredManifest; platform: Platform }[]> {
  const { descriptor, bytes } = root
  if (!isIndexType(descriptor.mediaType)) {
    return [{ manifest: root, platform: await platformOf(contents, root, options) }]
  }
  return decodeIndex(bytes, descriptor.digest).manifests.flatMap((entry) => {
    const manifest = contents.manifests.get(entry.digest)
    if (!manifest || !entry.platform || isAttestation(entry)) return []
    return [{ manifest, platform: normalizePlatform(entry.platform) }]
  })
}

async function platformOf(
  contents: ArchiveContents,
  { descriptor, bytes }: StoredManifest,
  { signal }: CancelOptions,
): Promise<Platform> {
  const { config } = decodeManifest(bytes, descriptor.digest)
  const what = `configuration ${config.digest}`
  const content = contents.blob(config.digest)
  const read = content ? await collect(content({ signal }), maxConfigBytes, what) : Buffer.from('{}')
  return platformOfConfig(decodeImageConfig(read, what))
}
