/** A base image that exists already: in a registry, a layout or an archive. Resolved once; everything after is by digest. */
import { type CancelOptions, mapConcurrently } from '../../../base/index.ts'
import {
  bestMatch,
  comparePlatforms,
  decodeIndex,
  decodeManifest,
  formatPlatform,
  type ImageConfig,
  isAttestation,
  isIndexType,
  type Platform,
  platformOfConfig,
} from '../../../oci/index.ts'
import {
  type ContentCache,
  type ImageReader,
  readImageConfig,
  type StoredManifest,
} from '../../../store/index.ts'
import { DirectError } from '../direct-error.ts'
import { baseFacts } from './base-facts.ts'
import type { BaseImage, BaseLayers, BasePlatform } from './base-image.ts'

/** A base whose layers can be read; nothing is added to it. */
export type ExistingBase = Omit<BaseImage, 'withPackages'> & Required<Pick<BaseImage, 'blob'>>

/**
 * Reads what is needed of a base for the platforms asked for. Throws `DirectError` `BASE_LACKS_PLATFORM`, which names the
 * platforms that it has.
 */
export async function existingBase(
  reader: ImageReader,
  platforms: readonly Platform[],
  cache: ContentCache,
  { signal }: CancelOptions,
): Promise<ExistingBase> {
  const { digest } = reader.root.descriptor
  const manifests = await platformManifests(reader, platforms, { signal })
  const found = await mapConcurrently(
    manifests,
    4,
    ({ platform, manifest, config }) => basePlatform(reader, platform, manifest, config, cache, { signal }),
    { signal },
  )
  return {
    name: reader.name,
    digest,
    platforms: found.map(({ platform }) => platform),
    layers: async () => found.map(({ layers }) => layers),
    blob: (layer) => reader.blob(layer),
    annotations: {
      'org.opencontainers.image.base.name': reader.name.replace(/@sha256:.*$/, ''),
      'org.opencontainers.image.base.digest': digest,
    },
  }
}

interface Match {
  platform: Platform
  manifest: StoredManifest
  config: ImageConfig | undefined
}

async function platformManifests(
  reader: ImageReader,
  platforms: readonly Platform[],
  { signal }: CancelOptions,
): Promise<Match[]> {
  const { root } = reader
  if (!isIndexType(root.descriptor.mediaType)) {
    const config = await readImageConfig(reader, decodeManifest(root.bytes, reader.name), { signal })
    const only = platformOfConfig(config)
    return platforms.map((platform) => {
      if (!bestMatch([only], (offer) => offer, platform)) throw lacksPlatform(reader.name, platform, [only])
      return { platform, manifest: root, config }
    })
  }
  const entries = decodeIndex(root.bytes, reader.name).manifests.filter(
    (entry) => entry.platform && !isAttestation(entry),
  )
  const chosen = platforms.map((platform) => {
    const entry = bestMatch(entries, (offer) => offer.platform as Platform, platform)
    if (!entry)
      throw lacksPlatform(
        reader.name,
        platform,
        entries.map((offer) => offer.platform as Platform),
      )
    return { platform, entry }
  })
  return mapConcurrently(
    chosen,
    4,
    async ({ platform, entry }) => ({
      platform,
      manifest: await reader.manifest(entry, { signal }),
      config: undefined,
    }),
    { signal },
  )
}

function lacksPlatform(name: string, platform: Platform, offered: readonly Platform[]): DirectError {
  const has = [...offered].sort(comparePlatforms).map(formatPlatform)
  return new DirectError('BASE_LACKS_PLATFORM', `base ${name} has no image for ${formatPlatform(platform)}`, {
    kind: 'usage',
    hint: `it has ${has.join(', ') || 'no platform at all'}: choose among these with --platform, or another --base`,
    details: { base: name, platform: formatPlatform(platform), offered: has },
  })
}

async function basePlatform(
  reader: ImageReader,
  platform: Platform,
  manifest: StoredManifest,
  knownConfig: ImageConfig | undefined,
  cache: ContentCache,
  { signal }: CancelOptions,
): Promise<{ platform: BasePlatform; layers: BaseLayers }> {
  const decoded = decodeManifest(manifest.bytes, reader.name)
  const config = knownConfig ?? (await readImageConfig(reader, decoded, { signal }))
  const facts = await baseFacts(decoded.layers, (layer) => reader.blob(layer), cache, {
    what: reader.name,
    platform,
    signal,
  })
  if (!facts.node) {
    throw new DirectError(
      'BASE_WITHOUT_NODE',
      `base ${reader.name} has no node for ${formatPlatform(platform)}`,
      {
        kind: 'usage',
        hint: 'use a base that brings Node, such as node:22-slim, or --base assemble:bookworm',
      },
    )
  }
  const nodeVersion = config.config?.Env?.find((item) => item.startsWith('NODE_VERSION='))?.slice(
    'NODE_VERSION='.length,
  )
  return {
    platform: {
      platform,
      facts,
      annotations: { 'org.opencontainers.image.base.digest': manifest.descriptor.digest },
      ...(nodeVersion ? { nodeVersion } : {}),
    },
    layers: { config, layers: decoded.layers },
  }
}
