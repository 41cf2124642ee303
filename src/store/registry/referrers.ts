/**
 * Referrers: manifests that point at another as their `subject`. Registries that keep no track of them get an index under a
 * tag made from the subject's digest (distribution specification, "Referrers Tag Schema").
 */
import { type CancelOptions, collect } from '../../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  digestOf,
  encodeDocument,
  type ImageIndex,
  isIndexType,
  maxManifestBytes,
  mediaTypes,
} from '../../oci/index.ts'
import type { StoredManifest } from '../store.ts'
import type { HttpAnswer } from './http.ts'
import type { Repository } from './repository.ts'

const maxPages = 100

/** All referrers of a manifest; empty when there are none. */
export async function listReferrers(
  repository: Repository,
  digest: Digest,
  options: CancelOptions,
): Promise<Descriptor[]> {
  const found: Descriptor[] = []
  let target: string | URL | undefined = `${repository.name}/referrers/${digest}`
  for (let page = 0; target !== undefined && page < maxPages; page++) {
    const answer = await request(repository, target, digest, options)
    if (answer.status !== 200) {
      await answer.discard()
      return (await fallbackIndex(repository, digest, options)).manifests
    }
    const what = `the referrers of ${digest}`
    const bytes = await collect(answer.body(options), maxManifestBytes, what)
    found.push(...decodeIndex(bytes, what).manifests)
    target = nextPage(answer)
  }
  return found
}

/** Tells a registry that keeps no track of subjects about a manifest that was just stored. */
export async function recordReferrer(
  repository: Repository,
  { descriptor, bytes }: StoredManifest,
  options: CancelOptions,
): Promise<void> {
  const document = decodeReferrer(descriptor, bytes)
  const { subject } = document
  if (!subject) return
  const index = await fallbackIndex(repository, subject.digest, options)
  if (index.manifests.some((entry) => entry.digest === descriptor.digest)) return
  const { annotations } = document
  // The specification: a referrer without artifactType is of its configuration's type.
  const artifactType = document.artifactType ?? ('config' in document ? document.config.mediaType : undefined)
  const entry: Descriptor = {
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    ...(artifactType ? { artifactType } : {}),
    ...(annotations ? { annotations } : {}),
  }
  const changed = encodeDocument({ ...index, manifests: [...index.manifests, entry] })
  const stored = {
    bytes: changed,
    descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(changed), size: changed.byteLength },
  }
  await repository.putManifest(stored, fallbackTag(subject.digest), options)
}

/** Whether manifest bytes name a subject. */
export function hasSubject({ descriptor, bytes }: StoredManifest): boolean {
  return decodeReferrer(descriptor, bytes).subject !== undefined
}

function decodeReferrer({ mediaType, digest }: Descriptor, bytes: Uint8Array) {
  return isIndexType(mediaType) ? decodeIndex(bytes, digest) : decodeManifest(bytes, digest)
}

function request(
  repository: Repository,
  target: string | URL,
  digest: Digest,
  options: CancelOptions,
): Promise<HttpAnswer> {
  return repository.client.send(
    {
      method: 'GET',
      target,
      scopes: [repository.scope],
      action: `list the referrers of ${digest} in ${repository.title}`,
      // What registries without the endpoint answer.
      expect: [200, 400, 404, 405, 501],
      headers: { accept: mediaTypes.ociIndex },
    },
    options,
  )
}

async function fallbackIndex(
  repository: Repository,
  digest: Digest,
  options: CancelOptions,
): Promise<ImageIndex> {
  const stored = await repository.getManifest(fallbackTag(digest), options)
  if (stored && isIndexType(stored.descriptor.mediaType))
    return decodeIndex(stored.bytes, fallbackTag(digest))
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }
}

/** `sha256-HEX`: at most 128 characters, as a tag may be long. */
function fallbackTag(digest: Digest): string {
  return digest.replace(':', '-').slice(0, 128)
}

/** The `Link` header's `rel="next"` (RFC 8288), as registries page their lists. */
function nextPage(answer: HttpAnswer): URL | undefined {
  const link = /<([^>]*)>\s*;\s*rel="?next"?/i.exec(answer.header('link') ?? '')?.[1]
  if (link === undefined || !URL.canParse(link, answer.url.href)) return undefined
  const next = new URL(link, answer.url)
  return next.origin === answer.url.origin ? next : undefined
}
