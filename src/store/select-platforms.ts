import { type CancelOptions } from '../base/index.ts'
import {
  bestMatch,
  decodeIndex,
  decodeManifest,
  type Descriptor,
  formatPlatform,
  type ImageIndex,
  isAttestation,
  isIndexType,
  normalizePlatform,
  type Platform,
  platformOfConfig,
} from '../oci/index.ts'
import { readImageConfig } from './image-config.ts'
import type { ImageReader, StoredManifest } from './store.ts'
import { StoreError } from './store-error.ts'
import { withIndex } from './with-index.ts'

/**
 * The same image with only these platforms (and their attestations): a new index over unchanged manifests. Throws
 * `StoreError` `PLATFORM_MISSING` naming what the image has. A root that is no index must be of the one platform asked for.
 */
export async function selectPlatforms(
  reader: ImageReader,
  platforms: readonly Platform[],
  options: CancelOptions,
): Promise<ImageReader> {
  const { descriptor, bytes } = reader.root
  if (!isIndexType(descriptor.mediaType)) {
    const own = await platformOfManifest(reader, reader.root, options)
    for (const wanted of platforms) choose([{ platform: own }], wanted, reader.name)
    return reader
  }
  const index = decodeIndex(bytes, reader.name)
  const selected = selectedEntries(index, platforms, reader.name)
  return selected.length === index.manifests.length
    ? reader
    : withIndex(reader, { ...index, manifests: selected })
}

/** The platform of an image manifest, from its configuration. */
export async function platformOfManifest(
  reader: ImageReader,
  { descriptor, bytes }: StoredManifest,
  { signal }: CancelOptions,
): Promise<Platform> {
  const manifest = decodeManifest(bytes, `manifest ${descriptor.digest}`)
  return platformOfConfig(await readImageConfig(reader, manifest, { signal }))
}

function selectedEntries(index: ImageIndex, platforms: readonly Platform[], name: string): Descriptor[] {
  const offers = index.manifests.flatMap((entry) =>
    entry.platform && !isAttestation(entry) ? [{ entry, platform: normalizePlatform(entry.platform) }] : [],
  )
  const chosen = new Set(platforms.map((wanted) => choose(offers, wanted, name).entry))
  const digests = new Set([...chosen].map((entry) => entry.digest as string))
  return index.manifests.filter((entry) => {
    if (!isAttestation(entry)) return chosen.has(entry)
    return digests.has(entry.annotations?.['vnd.docker.reference.digest'] ?? '')
  })
}

function choose<T extends { platform: Platform }>(offers: readonly T[], wanted: Platform, name: string): T {
  const found = bestMatch(offers, ({ platform }) => platform, wanted)
  if (found) return found
  const available = offers.map(({ platform }) => formatPlatform(platform))
  throw new StoreError('PLATFORM_MISSING', `${name} has no image for ${formatPlatform(wanted)}`, {
    kind: 'environment',
    hint: available.length > 0 ? `it has ${available.join(', ')}` : 'it has no image for any platform',
    details: { platform: formatPlatform(wanted), available },
  })
}
