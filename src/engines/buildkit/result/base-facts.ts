/** Which base image the result stands on: by name from the Dockerfile, by digest from the provenance that BuildKit attached. */
import { type CancelOptions, collect } from '../../../base/index.ts'
import type { ResolvedStage, StageGraph } from '../../../dockerfile/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Digest,
  isAttestation,
  isDigest,
  isIndexType,
  parseReference,
  type Reference,
} from '../../../oci/index.ts'
import type { ImageReader } from '../../../store/index.ts'

export interface BaseFacts {
  name: string
  digest?: Digest
  repository?: Reference
}

const maxProvenanceBytes = 16 * 1024 * 1024

/** The reference that the target stage goes back to; undefined for `scratch`, a context, or a file that does not resolve. */
function baseReference(graph: StageGraph | undefined): string | undefined {
  for (let stage: ResolvedStage | undefined = graph?.target; stage; ) {
    const base: ResolvedStage['base'] = stage.base
    if (base.kind === 'image') return base.reference
    stage = base.kind === 'stage' ? graph?.stages[base.index] : undefined
  }
  return undefined
}

/** How many entries the target's instructions add to the history of the base; undefined when ONBUILD makes that uncertain. */
export function ownHistory(graph: StageGraph | undefined): number | undefined {
  let count = 0
  for (let stage: ResolvedStage | undefined = graph?.target; stage; ) {
    if (stage.steps.some(({ onbuild }) => onbuild)) return undefined
    count += stage.steps.length
    const base: ResolvedStage['base'] = stage.base
    stage = base.kind === 'stage' ? graph?.stages[base.index] : undefined
  }
  return graph?.target ? count : undefined
}

/** Throws what the store throws for documents that are not there. */
export async function baseFacts(
  reader: ImageReader,
  graph: StageGraph | undefined,
  { signal }: CancelOptions,
): Promise<BaseFacts | undefined> {
  const name = baseReference(graph)
  if (name === undefined) return undefined
  const repository = referenceOf(name)
  const digest = repository?.digest ?? (await provenanceDigest(reader, repository, { signal }))
  return { name, ...(digest ? { digest } : {}), ...(repository ? { repository } : {}) }
}

function referenceOf(name: string): Reference | undefined {
  try {
    return parseReference(name)
  } catch {
    return undefined
  }
}

async function provenanceDigest(
  reader: ImageReader,
  base: Reference | undefined,
  { signal }: CancelOptions,
): Promise<Digest | undefined> {
  if (!base || !isIndexType(reader.root.descriptor.mediaType)) return undefined
  const attestation = decodeIndex(reader.root.bytes, reader.name).manifests.find(isAttestation)
  if (!attestation) return undefined
  const stored = await reader.manifest(attestation, { signal })
  for (const layer of decodeManifest(stored.bytes, `attestation ${attestation.digest}`).layers) {
    const type = layer.annotations?.['in-toto.io/predicate-type'] ?? ''
    if (!type.startsWith('https://slsa.dev/provenance/')) continue
    const bytes = await collect(reader.blob(layer)({ signal }), maxProvenanceBytes, 'provenance')
    return materialDigest(bytes, base)
  }
  return undefined
}

interface Material {
  uri?: unknown
  digest?: { sha256?: unknown }
}

/** Materials of SLSA 0.2, resolved dependencies of SLSA 1: `pkg:docker/node@22-slim?platform=linux%2Farm64`. */
function materialDigest(bytes: Uint8Array, { registry, repository, tag }: Reference): Digest | undefined {
  const predicate = predicateOf(bytes)
  const list = predicate?.materials ?? predicate?.buildDefinition?.resolvedDependencies
  const short = repository.replace(/^library\//, '')
  const names = registry === 'docker.io' ? [repository, short] : [`${registry}/${repository}`]
  const wanted = names.map((name) => `pkg:docker/${name}@${tag ?? 'latest'}`)
  for (const { uri, digest } of Array.isArray(list) ? (list as Material[]) : []) {
    const text = typeof uri === 'string' ? decodeURIComponent(uri.split('?')[0] ?? '') : ''
    const value = `sha256:${String(digest?.sha256)}`
    if (wanted.includes(text) && isDigest(value)) return value
  }
  return undefined
}

function predicateOf(
  bytes: Uint8Array,
): { materials?: unknown; buildDefinition?: { resolvedDependencies?: unknown } } | undefined {
  try {
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { predicate?: object }).predicate
  } catch {
    return undefined
  }
}
