/** What a build did, as one JSON-safe value: every renderer and `--json` start from it. Sizes are bytes, times milliseconds. */
import type { Finding } from '../base/index.ts'
import type { UnpublishedImage } from '../engines/direct/index.ts'
import { decodeIndex, decodeManifest, type Digest, formatPlatform, type Platform } from '../oci/index.ts'
import type { Proof } from './gate.ts'

export interface LayerReport {
  digest: Digest
  size: number
  /** what it is: `base`, or what our layer holds */
  holds: string
}

export interface PlatformReport {
  platform: string
  /** of the platform's manifest */
  digest: Digest
  /** compressed bytes of its manifest, configuration and layers: what a node downloads */
  size: number
  /** of these, bytes of layers that every platform of the image has */
  shared: number
  layers: LayerReport[]
}

export interface BuildReport {
  engine: 'direct'
  base: { name: string; digest?: Digest }
  /** of the image index: the image's identity on all platforms */
  digest: Digest
  mediaType: string
  /** bytes of the index document */
  size: number
  platforms: PlatformReport[]
  /** whether everything was proved; when not, nothing was published */
  proved: boolean
  findings: Finding[]
  /** findings that the configuration told to ignore */
  ignored: number
  /** names that point at the image now */
  published: { reference: string; digest: Digest }[]
  /** other places that hold it now */
  outputs: string[]
  /** bytes that registries were sent, and had already */
  transfer?: { sentBytes: number; presentBytes: number }
  /** what the time went to, in the order in which it happened */
  times: { station: string; milliseconds: number }[]
}

/** The report of an image that is not published yet. */
export function describeImage(image: UnpublishedImage, proof: Proof): BuildReport {
  const { descriptor, bytes } = image.reader.root
  const manifests = decodeIndex(bytes, 'index').manifests.map((entry) => ({
    entry,
    manifest: decodeManifest(image.manifests.get(entry.digest) as Uint8Array, entry.digest),
  }))
  const everywhere = (digest: Digest) =>
    manifests.length > 1 &&
    manifests.every(({ manifest }) => manifest.layers.some((layer) => layer.digest === digest))
  const platforms = manifests.map(({ entry, manifest }): PlatformReport => {
    const total = (layers: { size: number }[]) => layers.reduce((sum, layer) => sum + layer.size, 0)
    return {
      platform: formatPlatform(entry.platform as Platform),
      digest: entry.digest,
      size: total(manifest.layers) + manifest.config.size + entry.size,
      shared: total(manifest.layers.filter((layer) => everywhere(layer.digest))),
      layers: manifest.layers.map(({ digest, size }) => ({
        digest,
        size,
        holds: image.layerNames.get(digest) ?? 'base',
      })),
    }
  })
  return {
    engine: 'direct',
    base: { name: image.base.name, ...(image.base.digest ? { digest: image.base.digest } : {}) },
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    size: descriptor.size,
    platforms,
    proved: proof.open,
    findings: proof.findings,
    ignored: proof.ignored,
    published: [],
    outputs: [],
    times: [],
  }
}
