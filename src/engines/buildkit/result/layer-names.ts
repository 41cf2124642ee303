/** What the layers of a Dockerfile's image are, from the history that BuildKit writes. */
import { type CancelOptions } from '../../../base/index.ts'
import type { StageGraph } from '../../../dockerfile/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  type ImageConfig,
  isAttestation,
  isIndexType,
  type Manifest,
} from '../../../oci/index.ts'
import { type ImageReader, readImageConfig } from '../../../store/index.ts'
import { ownHistory } from './base-facts.ts'

export interface NamedLayers {
  names: Map<Digest, string>
  /** sum of the layers of all platforms, each counted once */
  bytes: number
}

/** Names of the layers that the Dockerfile makes; the others are the base's. Throws what the store throws. */
export async function namedLayers(
  reader: ImageReader,
  graph: StageGraph | undefined,
  { signal }: CancelOptions,
): Promise<NamedLayers> {
  const { descriptor, bytes } = reader.root
  const entries: Descriptor[] = isIndexType(descriptor.mediaType)
    ? decodeIndex(bytes, reader.name).manifests.filter((entry) => !isAttestation(entry))
    : [descriptor]
  const own = ownHistory(graph)
  const names = new Map<Digest, string>()
  const sizes = new Map<Digest, number>()
  for (const entry of entries) {
    const manifest = decodeManifest((await reader.manifest(entry, { signal })).bytes, entry.digest)
    const config = await readImageConfig(reader, manifest, { signal })
    for (const [digest, name] of layersByName(manifest, config, own)) names.set(digest, name)
    for (const { digest, size } of manifest.layers) sizes.set(digest, size)
  }
  return { names, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) }
}

/** The last `own` entries of the history are the Dockerfile's. Where history and layers do not match there are no names. */
function layersByName(
  manifest: Manifest,
  { history = [] }: ImageConfig,
  own: number | undefined,
): [Digest, string][] {
  const made = history.filter((entry) => !entry.empty_layer)
  if (own === undefined || made.length !== manifest.layers.length) return []
  const ours = new Set(history.slice(Math.max(0, history.length - own)))
  return made.flatMap((entry, index) => {
    const layer = manifest.layers[index]
    return layer && ours.has(entry) ? [[layer.digest, instructionText(entry.created_by ?? '')]] : []
  })
}

/** `RUN /bin/sh -c npm ci # buildkit` → `RUN npm ci` */
function instructionText(createdBy: string): string {
  return createdBy
    .replace(/\s*# buildkit$/, '')
    .replace(/^RUN (?:\|\d+ .*? )?\/bin\/sh -c /, 'RUN ')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 120)
}
