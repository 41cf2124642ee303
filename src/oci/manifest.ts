/**
 * Descriptors, image manifests and image indexes (OCI image specification: descriptor.md, manifest.md, image-index.md).
 * Decoders check shape and bounds and never rewrite: bytes that have a digest are kept as they came.
 */
import { type Digest, isDigest } from './digest.ts'
import { isIndexType, isManifestType, mediaTypes } from './media-type.ts'
import { OciError } from './oci-error.ts'
import type { Platform } from './platform.ts'

export type Annotations = Record<string, string>

export interface Descriptor {
  mediaType: string
  digest: Digest
  /** bytes */
  size: number
  platform?: Platform
  annotations?: Annotations
  artifactType?: string
}

export interface Manifest {
  schemaVersion: 2
  mediaType?: string
  artifactType?: string
  config: Descriptor
  layers: Descriptor[]
  subject?: Descriptor
  annotations?: Annotations
}

/** An image index; Docker calls its own form a *manifest list*. */
export interface ImageIndex {
  schemaVersion: 2
  mediaType?: string
  artifactType?: string
  manifests: Descriptor[]
  subject?: Descriptor
  annotations?: Annotations
}

/** Registries refuse larger manifests; so do we (distribution specification, "Pushing Manifests"). */
export const maxManifestBytes = 4 * 1024 * 1024
const maxDescriptors = 10_000

/** Decodes an image manifest; `what` names it in errors. Throws `OciError` `INVALID_MANIFEST`. */
export function decodeManifest(bytes: Uint8Array, what: string): Manifest {
  const value = decodeObject(bytes, what)
  if (value.schemaVersion === 1) throw invalid(what, 'is a schema 1 manifest, which nothing uses since 2017')
  if (Array.isArray(value.manifests))
    throw invalid(what, 'is an image index where an image manifest was expected')
  if (!Array.isArray(value.layers)) throw invalid(what, 'has no layers')
  checkList(value.layers, what)
  return {
    ...value,
    schemaVersion: 2,
    config: descriptor(value.config, `${what}, config`),
    layers: value.layers.map((layer, index) => descriptor(layer, `${what}, layer ${index}`)),
    ...(value.subject === undefined ? {} : { subject: descriptor(value.subject, `${what}, subject`) }),
    ...annotationsOf(value, what),
  }
}

/** Decodes an image index (manifest list); `what` names it in errors. Throws `OciError` `INVALID_MANIFEST`. */
export function decodeIndex(bytes: Uint8Array, what: string): ImageIndex {
  const value = decodeObject(bytes, what)
  if (!Array.isArray(value.manifests)) throw invalid(what, 'has no manifests')
  checkList(value.manifests, what)
  return {
    ...value,
    schemaVersion: 2,
    manifests: value.manifests.map((entry, index) => descriptor(entry, `${what}, entry ${index}`)),
    ...(value.subject === undefined ? {} : { subject: descriptor(value.subject, `${what}, subject`) }),
    ...annotationsOf(value, what),
  }
}

/**
 * The media type of manifest bytes: what they say, else what was declared beside them, else told from their shape (the
 * `mediaType` field is optional in OCI). Throws `OciError` `INVALID_MANIFEST`.
 */
export function mediaTypeOf(bytes: Uint8Array, declared: string | undefined, what: string): string {
  const value = decodeObject(bytes, what)
  const own = typeof value.mediaType === 'string' ? value.mediaType : undefined
  for (const candidate of [own, declared]) {
    if (candidate && (isIndexType(candidate) || isManifestType(candidate))) return candidate
  }
  if (Array.isArray(value.manifests)) return mediaTypes.ociIndex
  if (Array.isArray(value.layers)) return mediaTypes.ociManifest
  throw invalid(
    what,
    `has media type ${own ?? declared ?? 'none'}, which is neither an image nor an image index`,
  )
}

/** True for an index entry that carries an attestation (BuildKit's form) and is no platform. */
export function isAttestation(entry: Descriptor): boolean {
  const unknown = entry.platform?.os === 'unknown' && entry.platform.architecture === 'unknown'
  return unknown || entry.annotations?.['vnd.docker.reference.type'] === 'attestation-manifest'
}

/** Canonical bytes of a document that we make: keys in the order given, no white space. */
export function encodeDocument(value: Manifest | ImageIndex | object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

function decodeObject(bytes: Uint8Array, what: string): Record<string, unknown> {
  if (bytes.byteLength > maxManifestBytes) throw invalid(what, `is larger than ${maxManifestBytes} bytes`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw invalid(what, 'is not JSON', cause)
  }
  if (!isRecord(value)) throw invalid(what, 'is not a JSON object')
  return value
}

function descriptor(value: unknown, what: string): Descriptor {
  if (!isRecord(value)) throw invalid(what, 'is not a descriptor')
  if (typeof value.mediaType !== 'string') throw invalid(what, 'has no mediaType')
  if (typeof value.digest !== 'string' || !isDigest(value.digest)) throw invalid(what, 'has no valid digest')
  if (!Number.isSafeInteger(value.size) || (value.size as number) < 0)
    throw invalid(what, 'has no valid size')
  if (value.platform !== undefined && value.platform !== null) checkPlatform(value.platform, what)
  annotationsOf(value, what)
  return value as unknown as Descriptor
}

function checkPlatform(value: unknown, what: string): void {
  if (!isRecord(value)) throw invalid(what, 'has a platform that is not an object')
  for (const key of ['os', 'architecture']) {
    if (typeof value[key] !== 'string') throw invalid(what, `has a platform without ${key}`)
  }
  if (value.variant !== undefined && typeof value.variant !== 'string')
    throw invalid(what, 'has a variant that is not text')
}

function annotationsOf(value: Record<string, unknown>, what: string): { annotations?: Annotations } {
  const { annotations } = value
  if (annotations === undefined || annotations === null) return {}
  if (!isRecord(annotations) || Object.values(annotations).some((text) => typeof text !== 'string')) {
    throw invalid(what, 'has annotations that are not text')
  }
  return { annotations: annotations as Annotations }
}

function checkList(list: unknown[], what: string): void {
  if (list.length > maxDescriptors) throw invalid(what, `lists more than ${maxDescriptors} descriptors`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(what: string, why: string, cause?: unknown): OciError {
  return new OciError('INVALID_MANIFEST', `${what} ${why}`, { kind: 'environment', cause })
}
