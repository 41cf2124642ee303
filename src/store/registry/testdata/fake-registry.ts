/**
 * A registry in this process, strict about the distribution specification: what it does not expect is recorded as a
 * violation. Knows nothing of the client under test. Faults are scripted by the test.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRegistryOptions {
  /** who may come in; absent: everybody */
  auth?: { scheme: 'basic' | 'bearer'; username: string; password: string; identityToken?: string }
  /** what the WWW-Authenticate header says instead of the usual */
  challenge?: string
  /** has the referrers endpoint */
  referrers?: boolean
  /** refuses requests with larger bodies (413) */
  maxBody?: number
  /** sends readers of blobs to this origin */
  blobsAt?: string
  /** answers Location headers without scheme and host */
  relativeLocations?: boolean
  /** leaves out Docker-Content-Digest */
  noDigestHeader?: boolean
  /** accepts manifests only after this many refusals for parts that it does not see yet */
  lag?: number
}

export interface SeenRequest {
  method: string
  /** path and query */
  url: string
  headers: IncomingMessage['headers']
}

/** Takes over a request; returns true when it did. */
export type Fault = (request: SeenRequest, message: IncomingMessage, response: ServerResponse) => boolean

interface Upload {
  repository: string
  received: Buffer[]
  size: number
}

export class FakeRegistry {
  readonly blobs = new Map<string, Buffer>()
  /** by `repository@digest` */
  readonly manifests = new Map<string, { mediaType: string; bytes: Buffer }>()
  /** by `repository:tag`, the digest */
  readonly tags = new Map<string, string>()
  /** which repositories see a blob: `repository@digest` */
  readonly links = new Set<string>()
  readonly requests: SeenRequest[] = []
  readonly violations: string[] = []
  /** asked for every request, in order of arrival */
  fault: Fault | undefined
  /** tokens handed out, by value: the scopes they are good for */
  readonly tokens = new Map<string, Set<string>>()
  readonly options: FakeRegistryOptions
  readonly #uploads = new Map<string, Upload>()
  readonly #server: Server
  #counter = 0
  #refusals = 0

  constructor(options: FakeRegistryOptions = {}) {
    this.options = options
    this.#server = createServer((message, response) => {
      this.#handle(message, response).catch((error: unknown) => {
        if (!message.destroyed) this.violations.push(String(error))
        response.destroy()
      })
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  /** `host:port` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get origin(): string {
    return `http://${this.host}`
  }

  putBlob(repository: string, bytes: Buffer): string {
    const digest = digestOf(bytes)
    this.blobs.set(digest, bytes)
    this.links.add(`${repository}@${digest}`)
    return digest
  }

  putManifest(repository: string, mediaType: string, bytes: Buffer, tag?: string): string {
    const digest = digestOf(bytes)
    this.manifests.set(`${repository}@${digest}`, { mediaType, bytes })
    if (tag) this.tags.set(`${repository}:${tag}`, digest)
    return digest
  }

  /** The requests, without those for tokens, as `METHOD path`. */
  get log(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url.split('?')[0]}`)
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = { method: message.method ?? '', url: message.url ?? '', headers: message.headers }
    this.requests.push(request)
    if (this.fault?.(request, message, response)) return
    const url = new URL(request.url, this.origin)
    if (url.pathname === '/token') return this.#giveToken(message, response, url)
    const route = /^\/v2\/(.+?)\/(manifests|referrers|blobs\/uploads|blobs)\/([^/]*)$/.exec(url.pathname)
    if (!route) return this.#violation(response, `${request.method} ${request.url}`)
    const [, repository = '', kind = '', name = ''] = route
    const writes = message.method !== 'GET' && message.method !== 'HEAD'
    const from = url.searchParams.get('mount') && url.searchParams.get('from')
    if (!this.#isAllowed(message, repository, writes, from || undefined)) return this.#challenge(response, repository, writes)
    if (Number(message.headers['content-length'] ?? 0) > (this.options.maxBody ?? Number.POSITIVE_INFINITY)) {
      return this.#fail(response, 413, 'SIZE_INVALID')
    }
    if (kind === 'manifests') return this.#manifest(message, response, repository, name)
    if (kind === 'blobs') return this.#blob(message, response, repository, name)
    if (kind === 'referrers') return this.#referrers(response, repository, name)
    return this.#upload(message, response, repository, name, url)
  }

  async #manifest(message: IncomingMessage, response: ServerResponse, repository: string, name: string): Promise<void> {
    if (message.method === 'PUT') return this.#storeManifest(message, response, repository, name)
    if (!String(message.headers.accept).includes('application/vnd.oci.image.index.v1+json')) {
      this.violations.push('a manifest is asked for without saying which kinds are understood')
    }
    const digest = name.startsWith('sha256:') ? name : this.tags.get(`${repository}:${name}`)
    const stored = this.manifests.get(`${repository}@${digest}`)
    if (!stored || !digest) return this.#fail(response, 404, 'MANIFEST_UNKNOWN')
    response.writeHead(200, {
      'content-type': stored.mediaType,
      'content-length': stored.bytes.byteLength,
      ...(this.options.noDigestHeader ? {} : { 'docker-content-digest': digest }),
    })
    response.end(message.method === 'HEAD' ? undefined : stored.bytes)
  }

  async #storeManifest(message: IncomingMessage, response: ServerResponse, repository: string, name: string): Promise<void> {
    const bytes = await bodyOf(message)
    const digest = digestOf(bytes)
    const mediaType = String(message.headers['content-type'])
    const document = JSON.parse(bytes.toString()) as {
      mediaType?: string
      config?: { digest: string }
      layers?: { digest: string }[]
      manifests?: { digest: string }[]
      subject?: { digest: string }
    }
    if (document.mediaType !== undefined && document.mediaType !== mediaType) return this.#fail(response, 400, 'MANIFEST_INVALID')
    if (name.startsWith('sha256:') && name !== digest) return this.#fail(response, 400, 'DIGEST_INVALID')
    const blobs = [document.config, ...(document.layers ?? [])].filter((part) => part !== undefined)
    const missing =
      blobs.some((part) => !this.links.has(`${repository}@${part.digest}`)) ||
      (document.manifests ?? []).some((part) => !this.manifests.has(`${repository}@${part.digest}`))
    if (missing || this.#refusals++ < (this.options.lag ?? 0)) return this.#fail(response, 400, 'MANIFEST_BLOB_UNKNOWN')
    this.putManifest(repository, mediaType, bytes, name.startsWith('sha256:') ? undefined : name)
    const subject = this.options.referrers ? document.subject?.digest : undefined
    response.writeHead(201, {
      location: this.#location(`/v2/${repository}/manifests/${digest}`),
      'docker-content-digest': digest,
      ...(subject ? { 'oci-subject': subject } : {}),
    })
    response.end()
  }

  #blob(message: IncomingMessage, response: ServerResponse, repository: string, digest: string): void {
    const bytes = this.blobs.get(digest)
    if (!bytes || !this.links.has(`${repository}@${digest}`)) return this.#fail(response, 404, 'BLOB_UNKNOWN')
    if (this.options.blobsAt && message.method === 'GET') {
      response.writeHead(307, { location: `${this.options.blobsAt}/${digest}?signature=a%20b+c` }).end()
      return
    }
    sendBytes(message, response, bytes)
  }

  async #upload(message: IncomingMessage, response: ServerResponse, repository: string, id: string, url: URL): Promise<void> {
    if (message.method === 'POST') {
      const mounted = url.searchParams.get('mount')
      const from = url.searchParams.get('from')
      if (mounted && from && this.links.has(`${from}@${mounted}`)) {
        this.links.add(`${repository}@${mounted}`)
        response.writeHead(201, { location: this.#location(`/v2/${repository}/blobs/${mounted}`) }).end()
        return
      }
      const uuid = `upload-${++this.#counter}`
      this.#uploads.set(uuid, { repository, received: [], size: 0 })
      return this.#uploadAnswer(response, 202, repository, uuid)
    }
    const upload = this.#uploads.get(id)
    if (!upload || upload.repository !== repository) return this.#fail(response, 404, 'BLOB_UPLOAD_UNKNOWN')
    // Whoever follows an old location speaks about a state that is gone.
    if (url.searchParams.get('_state') !== stateOf(id)) this.violations.push(`wrong state in ${url.href}`)
    if (message.method === 'GET') return this.#uploadAnswer(response, 204, repository, id)
    if (message.method === 'PATCH') {
      const start = Number(/^(\d+)-\d+$/.exec(String(message.headers['content-range']))?.[1] ?? 0)
      if (start !== upload.size) return this.#fail(response, 416, 'BLOB_UPLOAD_INVALID')
    }
    await receive(message, upload)
    if (message.method === 'PATCH') return this.#uploadAnswer(response, 202, repository, id)
    this.#uploads.delete(id)
    const bytes = Buffer.concat(upload.received)
    if (digestOf(bytes) !== url.searchParams.get('digest')) return this.#fail(response, 400, 'DIGEST_INVALID')
    const digest = this.putBlob(repository, bytes)
    response.writeHead(201, { location: this.#location(`/v2/${repository}/blobs/${digest}`) }).end()
  }

  #uploadAnswer(response: ServerResponse, status: number, repository: string, id: string): void {
    const { size } = this.#uploads.get(id) as Upload
    response.writeHead(status, {
      location: this.#location(`/v2/${repository}/blobs/uploads/${id}?_state=${encodeURIComponent(stateOf(id))}`),
      range: `0-${Math.max(0, size - 1)}`,
    })
    response.end()
  }

  #referrers(response: ServerResponse, repository: string, digest: string): void {
    if (!this.options.referrers) return this.#fail(response, 404, 'UNSUPPORTED')
    const manifests = [...this.manifests].flatMap(([key, { mediaType, bytes }]) => {
      const document = JSON.parse(bytes.toString()) as { subject?: { digest: string } }
      if (!key.startsWith(`${repository}@`) || document.subject?.digest !== digest) return []
      return [{ mediaType, digest: key.split('@')[1], size: bytes.byteLength }]
    })
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' })
    response.end(JSON.stringify({ schemaVersion: 2, manifests }))
  }

  #isAllowed(message: IncomingMessage, repository: string, writes: boolean, from: string | undefined): boolean {
    const { auth } = this.options
    if (!auth) return true
    const header = message.headers.authorization ?? ''
    if (auth.scheme === 'basic') return header === basicOf(auth)
    const scopes = this.tokens.get(header.replace(/^Bearer /, ''))
    if (!scopes) return false
    const has = (name: string, action: string) =>
      [...scopes].some((scope) => {
        const [, granted, actions = ''] = scope.split(':')
        return granted === name && actions.split(',').includes(action)
      })
    return has(repository, writes ? 'push' : 'pull') && (from === undefined || has(from, 'pull'))
  }

  #challenge(response: ServerResponse, repository: string, writes: boolean): void {
    const scope = `repository:${repository}:${writes ? 'pull,push' : 'pull'}`
    const usual =
      this.options.auth?.scheme === 'basic'
        ? 'Basic realm="fake"'
        : `Bearer realm="${this.origin}/token",service="fake",scope="${scope}"`
    response.setHeader('www-authenticate', this.options.challenge ?? usual)
    this.#fail(response, 401, 'UNAUTHORIZED')
  }

  async #giveToken(message: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { auth } = this.options
    const form = message.method === 'POST' ? new URLSearchParams((await bodyOf(message)).toString()) : url.searchParams
    const known =
      message.method === 'POST'
        ? form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === auth?.identityToken
        : auth && message.headers.authorization === basicOf(auth)
    if (!known || form.get('service') !== 'fake') return this.#fail(response, 401, 'UNAUTHORIZED')
    const token = `token-${++this.#counter}`
    this.tokens.set(token, new Set(form.getAll('scope').flatMap((scope) => scope.split(' '))))
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ token, expires_in: 300 }))
  }

  #location(path: string): string {
    return this.options.relativeLocations ? path : `${this.origin}${path}`
  }

  #fail(response: ServerResponse, status: number, code: string): void {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': `request-${this.requests.length}` })
    response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] }))
  }

  #violation(response: ServerResponse, what: string): void {
    this.violations.push(what)
    this.#fail(response, 500, 'UNEXPECTED')
  }
}

/** What a registry or its storage answers to a reader, ranges included. */
export function sendBytes(message: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(message.headers.range ?? '')
  const start = Number(range?.[1] ?? 0)
  const end = range?.[2] ? Number(range[2]) + 1 : bytes.byteLength
  const part = bytes.subarray(start, end)
  response.writeHead(range ? 206 : 200, {
    'content-length': part.byteLength,
    ...(range ? { 'content-range': `bytes ${start}-${end - 1}/${bytes.byteLength}` } : {}),
  })
  response.end(message.method === 'HEAD' ? undefined : part)
}

/** Keeps what arrives, also when the connection breaks in the middle. */
async function receive(message: IncomingMessage, upload: Upload): Promise<void> {
  for await (const chunk of message as AsyncIterable<Buffer>) {
    upload.received.push(chunk)
    upload.size += chunk.byteLength
  }
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function basicOf({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** An opaque value with characters that a careless client spoils. */
function stateOf(id: string): string {
  return `${id}+/=&?%`
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
