/**
 * Images that were built apart, by platform, become one index: written once, from exactly these parts, never by appending to
 * what a tag points at. Attestations stay attached to the manifests that they are about.
 */
import type { CancelOptions } from '../../base/index.ts'
import {
  type Annotations,
  comparePlatforms,
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  digestOf,
  encodeDocument,
  formatPlatform,
  type ImageIndex,
  isAttestation,
  isIndexType,
  mediaTypes,
  normalizePlatform,
  type Platform,
} from '../../oci/index.ts'
import {
  type ImageReader,
  platformOfManifest,
  type StoredManifest,
  type UnpublishedImage,
} from '../../store/index.ts'
import { testedAnnotation, untestedAnnotation } from '../gate/record-tests.ts'
import { PipelineError } from '../pipeline-error.ts'

/** One platform's entry of an index, with what belongs to it, and the image that it is read from. */
interface Part {
  platform: Platform
  entry: Descriptor
  attestations: Descriptor[]
  reader: ImageReader
}

/**
 * One image of all platforms of the given ones. Closing its reader closes theirs. Throws `PipelineError`
 * `MERGE_PLATFORM_TWICE`, `MERGE_PLATFORM_UNKNOWN`, and the store's errors for parts that are not there.
 */
export async function mergeImages(
  name: string,
  readers: readonly ImageReader[],
  { signal }: CancelOptions,
): Promise<UnpublishedImage> {
  const parts: Part[] = []
  for (const reader of readers) parts.push(...(await partsOf(reader, { signal })))
  const chosen = withoutRepeats(parts)
  const origins = await originsOf(chosen, { signal })
  const root = indexOf(chosen, commonAnnotations(readers))
  return {
    reader: mergedReader(name, root, origins, readers),
    platforms: chosen.map(({ platform }) => platform),
    baseDiffIds: new Set(),
    layerNames: new Map(),
    findings: [],
  }
}

async function partsOf(reader: ImageReader, { signal }: CancelOptions): Promise<Part[]> {
  const { descriptor, bytes } = reader.root
  if (!isIndexType(descriptor.mediaType)) {
    const platform = normalizePlatform(await platformOfManifest(reader, reader.root, { signal }))
    return [{ platform, entry: { ...descriptor, platform }, attestations: [], reader }]
  }
  const entries = decodeIndex(bytes, reader.name).manifests
  return entries
    .filter((entry) => !isAttestation(entry))
    .map((entry) => {
      if (!entry.platform) {
        throw new PipelineError('MERGE_PLATFORM_UNKNOWN', `${reader.name} has an entry without a platform`, {
          kind: 'environment',
          hint: `${entry.digest} is no image that a fleet could choose; build it again with --platform`,
        })
      }
      return {
        platform: normalizePlatform(entry.platform),
        entry,
        attestations: about(entry, entries),
        reader,
      }
    })
}

function about({ digest }: Descriptor, entries: readonly Descriptor[]): Descriptor[] {
  return entries.filter(
    (entry) => isAttestation(entry) && entry.annotations?.['vnd.docker.reference.digest'] === digest,
  )
}

/** Sorted by platform, whatever the order of the arguments: the same parts give the same index. */
function withoutRepeats(parts: readonly Part[]): Part[] {
  const chosen = new Map<string, Part>()
  for (const part of parts) {
    const platform = formatPlatform(part.platform)
    const other = chosen.get(platform)
    if (other && other.entry.digest !== part.entry.digest) {
      throw new PipelineError('MERGE_PLATFORM_TWICE', `${platform} comes from two images`, {
        kind: 'usage',
        hint: `${other.reader.name} and ${part.reader.name} have different manifests for it; give one of them`,
        details: { platform, digests: [other.entry.digest, part.entry.digest] },
      })
    }
    if (!other) chosen.set(platform, part)
  }
  return [...chosen.values()].sort((a, b) => comparePlatforms(a.platform, b.platform))
}

/** Which reader each manifest and blob is read from; every manifest is fetched, so that one that is missing is found here. */
async function originsOf(
  parts: readonly Part[],
  { signal }: CancelOptions,
): Promise<ReadonlyMap<Digest, ImageReader>> {
  const origins = new Map<Digest, ImageReader>()
  for (const { entry, attestations, reader } of parts) {
    for (const descriptor of [entry, ...attestations]) {
      const { bytes } = await reader.manifest(descriptor, { signal })
      const { config, layers } = decodeManifest(bytes, `manifest ${descriptor.digest}`)
      for (const { digest } of [descriptor, config, ...layers]) {
        if (!origins.has(digest)) origins.set(digest, reader)
      }
    }
  }
  return origins
}

/** What all of them say; what was tested is said anew. */
function commonAnnotations(readers: readonly ImageReader[]): Annotations {
  const all = readers.map(({ root, name }) =>
    isIndexType(root.descriptor.mediaType) ? (decodeIndex(root.bytes, name).annotations ?? {}) : {},
  )
  return Object.fromEntries(
    Object.entries(all[0] ?? {}).filter(
      ([key, value]) =>
        key !== testedAnnotation &&
        key !== untestedAnnotation &&
        all.every((annotations) => annotations[key] === value),
    ),
  )
}

function indexOf(parts: readonly Part[], annotations: Annotations): StoredManifest {
  const index: ImageIndex = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: parts.flatMap(({ entry, attestations }) => [entry, ...attestations]),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  }
  const bytes = encodeDocument(index)
  return {
    bytes,
    descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.byteLength },
  }
}

function mergedReader(
  name: string,
  root: StoredManifest,
  origins: ReadonlyMap<Digest, ImageReader>,
  readers: readonly ImageReader[],
): ImageReader {
  const [first] = readers
  const origin = ({ digest }: Descriptor) => (origins.get(digest) ?? first) as ImageReader
  return {
    name,
    root,
    ...(first?.reference ? { reference: { ...first.reference, digest: root.descriptor.digest } } : {}),
    manifest: async (descriptor, options) =>
      descriptor.digest === root.descriptor.digest ? root : origin(descriptor).manifest(descriptor, options),
    blob: (descriptor) => origin(descriptor).blob(descriptor),
    referrers: async () => [],
    close: async () => {
      for (const reader of readers) await reader.close()
    },
  }
}
