/** One repository of a registry: its manifests and blobs, one request each (distribution specification, "Endpoints"). */
import { createHash } from 'node:crypto'
import { type CancelOptions, collect } from '../../base/index.ts'
import {
  acceptedManifestTypes,
  algorithmOf,
  type Descriptor,
  type Digest,
  isDigest,
  maxManifestBytes,
  mediaTypeOf,
} from '../../oci/index.ts'
import type { StoredManifest } from '../store.ts'
import type { Scope } from './authorizer.ts'
import { bodyOf, type HttpAnswer } from './http.ts'
import type { RegistryClient } from './registry-client.ts'
import { redactUrl, RegistryError } from './registry-error.ts'

const accept = { accept: acceptedManifestTypes.join(', ') }

export class Repository {
  readonly client: RegistryClient
  readonly name: string
  /** what all requests ask for: one scope means one token */
  readonly scope: Scope

  constructor(client: RegistryClient, name: string, actions: Scope['actions']) {
    this.client = client
    this.name = name
    this.scope = { repository: name, actions }
  }

  /** For messages: `ghcr.io/acme/shop`. */
  get title(): string {
    return `${this.client.registry}/${this.name}`
  }

  /** What a tag or digest stands for now, without its bytes; undefined when there is no such manifest. */
  async headManifest(reference: string, { signal }: CancelOptions): Promise<Descriptor | undefined> {
    const answer = await this.client.send(
      {
        method: 'HEAD',
        target: `${this.name}/manifests/${reference}`,
        scopes: [this.scope],
        action: `look up ${this.#nameOf(reference)}`,
        expect: [200, 404],
        headers: accept,
      },
      { signal },
    )
    await answer.discard()
    if (answer.status === 404) return undefined
    const digest = answer.header('docker-content-digest') ?? ''
    // The header is optional for registries. Without it the bytes must tell, and that they are a registry's at all.
    if (!isDigest(digest)) return (await this.getManifest(reference, { signal }))?.descriptor
    const mediaType = mediaTypeIn(answer) ?? ''
    return { mediaType, digest, size: Number(answer.header('content-length') ?? 0) }
  }

  /** A manifest by tag or digest, its bytes checked; undefined when there is none. */
  async getManifest(reference: string, { signal }: CancelOptions): Promise<StoredManifest | undefined> {
    const what = this.#nameOf(reference)
    const answer = await this.client.send(
      {
        method: 'GET',
        target: `${this.name}/manifests/${reference}`,
        scopes: [this.scope],
        action: `read ${what}`,
        expect: [200, 404],
        headers: accept,
      },
      { signal },
    )
    if (answer.status === 404) {
      await answer.discard()
      return undefined
    }
    const bytes = await collect(answer.body({ signal }), maxManifestBytes, `the manifest ${what}`)
    const promised = isDigest(reference) ? reference : answer.header('docker-content-digest')
    const digest = checkedDigest(bytes, promised, what)
    const mediaType = mediaTypeOf(bytes, mediaTypeIn(answer), what)
    return { bytes, descriptor: { mediaType, digest, size: bytes.byteLength } }
  }

  /** Stores a manifest by its digest, or under a tag. Tells whether the registry keeps track of its `subject`. */
  async putManifest(
    { descriptor, bytes }: StoredManifest,
    reference: string,
    { signal }: CancelOptions,
  ): Promise<{ tracksSubject: boolean }> {
    const answer = await this.client.send(
      {
        method: 'PUT',
        target: `${this.name}/manifests/${reference}`,
        scopes: [this.scope],
        action: `write ${this.#nameOf(reference)}`,
        expect: storedStatuses,
        headers: { 'content-type': descriptor.mediaType },
        body: bodyOf(bytes),
      },
      { signal },
    )
    await answer.discard()
    const stored = storedDigest(answer)
    if (stored !== undefined && stored !== descriptor.digest) {
      throw new RegistryError(
        'REGISTRY_PROTOCOL',
        `${this.client.registry} stored ${this.#nameOf(reference)} as ${stored} instead of ${descriptor.digest}`,
        { kind: 'environment', hint: 'a registry must keep manifests byte by byte; this one cannot be used' },
      )
    }
    return { tracksSubject: answer.header('oci-subject') !== undefined }
  }

  async hasBlob({ digest, size }: Descriptor, { signal }: CancelOptions): Promise<boolean> {
    const answer = await this.client.send(
      {
        method: 'HEAD',
        target: `${this.name}/blobs/${digest}`,
        scopes: [this.scope],
        action: `look for blob ${digest} in ${this.title}`,
        expect: [200, 404],
      },
      { signal },
    )
    await answer.discard()
    if (answer.status !== 200) return false
    // A status alone is no proof: whatever stands in between answers 200, too.
    return (
      answer.header('docker-content-digest') === digest || Number(answer.header('content-length')) === size
    )
  }

  #nameOf(reference: string): string {
    return `${this.title}${isDigest(reference) ? '@' : ':'}${reference}`
  }
}

/** What tells that something was stored: 201 by the specification, but not all registries read it. */
export const storedStatuses: readonly number[] = [201, 200, 202, 204]

/**
 * The digest under which the registry stored something, where it says so. Throws `REGISTRY_PROTOCOL` for an answer that only
 * looks like success: pages of proxies come with status 200.
 */
export function storedDigest(answer: HttpAnswer): string | undefined {
  const digest = answer.header('docker-content-digest')
  if (answer.status === 201 || digest !== undefined || answer.header('location') !== undefined) return digest
  const exchange = { method: answer.method, url: redactUrl(answer.url), status: answer.status }
  throw new RegistryError('REGISTRY_PROTOCOL', `the answer of ${answer.url.host} is not a registry's`, {
    kind: 'environment',
    hint: 'something between here and the registry answers in its place: a proxy, or the login page of a network',
    exchange,
  })
}

function mediaTypeIn(answer: HttpAnswer): string | undefined {
  return answer.header('content-type')?.split(';')[0]?.trim()
}

/** The digest of a manifest, by the algorithm of the one that was promised. */
function checkedDigest(bytes: Uint8Array, promised: string | undefined, what: string): Digest {
  const algorithm = promised && isDigest(promised) ? algorithmOf(promised) : 'sha256'
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest
  if (promised === undefined || promised === digest) return digest
  throw new RegistryError('REGISTRY_PROTOCOL', `${what} came with digest ${digest} instead of ${promised}`, {
    kind: 'environment',
    hint: 'something between here and the registry changes content; run again, or use another network',
    retryable: true,
  })
}
