/** What a run did, as one JSON-safe value: every renderer and `--json` start from it. Sizes are bytes, times milliseconds. */
import type { CancelOptions, Finding } from '../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  formatPlatform,
  isAttestation,
  type Platform,
} from '../oci/index.ts'
import type { BuildStep } from '../engines/buildkit/index.ts'
import type { SmokeReport } from '../smoke/index.ts'
import type { UnpublishedImage } from '../store/index.ts'
import type { Engine } from './engine.ts'
import type { Proof } from './gate/prove-image.ts'
import type { StationTime } from './stopwatch.ts'

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

/** What is known of an image that went through the gate. */
export interface ImageReport {
  /** of the image index: the image's identity on all platforms */
  digest: Digest
  mediaType: string
  /** bytes of the index document */
  size: number
  platforms: PlatformReport[]
  /** attestations (SBOM, provenance) that the index carries beside its platforms */
  attestations: number
  /** whether everything was proved; when not, nothing was published */
  proved: boolean
  findings: Finding[]
  /** findings that the configuration told to ignore */
  ignored: number
  /** platforms whose smoke test passed, in this run or for the same bytes before */
  tested: string[]
  /** platforms that go out untested because the user said so */
  untested: string[]
  /** what the smoke tests of this run saw, with the logs of each probe; absent when none was made */
  smoke?: SmokeReport
  /** names that point at the image now */
  published: { reference: string; digest: Digest }[]
  /** repositories that hold the image by digest now, without a name */
  stored: string[]
  /** other places that hold it now */
  outputs: string[]
  /** bytes that registries were sent, and had already */
  transfer?: { sentBytes: number; presentBytes: number }
  /** what the time went to, in the order in which it happened */
  times: StationTime[]
}

export interface BuildReport extends ImageReport {
  engine: Engine['name']
  base?: { name: string; digest?: Digest }
  /** the builder's timeline: what ran when, for how long, cached or emulated */
  steps?: readonly BuildStep[]
  /** the Dockerfile was rewritten in memory: how many changes, and when they were proved to give the same image */
  optimized?: { changes: number; proof: 'now' | 'earlier' }
}

/** The report of an image that is not published yet. */
export async function describeImage(
  image: UnpublishedImage,
  proof: Proof,
  options: CancelOptions,
): Promise<ImageReport> {
  const { descriptor, bytes } = image.reader.root
  const entries = decodeIndex(bytes, image.reader.name).manifests
  const platforms = await describePlatforms(
    image,
    entries.filter((entry) => !isAttestation(entry)),
    options,
  )
  return {
    digest: descriptor.digest,
    mediaType: descriptor.mediaType,
    size: descriptor.size,
    platforms,
    attestations: entries.length - platforms.length,
    proved: proof.open,
    findings: proof.findings,
    ignored: proof.ignored,
    tested: proof.tested,
    untested: proof.untested,
    ...(proof.smoke ? { smoke: proof.smoke } : {}),
    published: [],
    stored: [],
    outputs: [],
    times: [],
  }
}

async function describePlatforms(
  { reader, layerNames }: UnpublishedImage,
  entries: readonly Descriptor[],
  options: CancelOptions,
): Promise<PlatformReport[]> {
  const manifests = await Promise.all(
    entries.map(async (entry) => {
      const { bytes } = await reader.manifest(entry, options)
      return { entry, manifest: decodeManifest(bytes, `manifest ${entry.digest}`) }
    }),
  )
  const everywhere = (digest: Digest) =>
    manifests.length > 1 &&
    manifests.every(({ manifest }) => manifest.layers.some((layer) => layer.digest === digest))
  const total = (layers: { size: number }[]) => layers.reduce((sum, layer) => sum + layer.size, 0)
  return manifests.map(({ entry, manifest }) => ({
    platform: formatPlatform(entry.platform as Platform),
    digest: entry.digest,
    size: total(manifest.layers) + manifest.config.size + entry.size,
    shared: total(manifest.layers.filter((layer) => everywhere(layer.digest))),
    layers: manifest.layers.map(({ digest, size }) => ({
      digest,
      size,
      holds: layerNames.get(digest) ?? 'base',
    })),
  }))
}
