/** The few requests to a Docker engine that moving images takes (Docker Engine API). */
import { Client, type Dispatcher } from 'undici'
import { type CancelOptions, CodedError, codeOf, collect, messageOf, reasonOf } from '../../base/index.ts'
import { SentBody } from '../sent-body.ts'
import { StoreError } from '../store-error.ts'
import type { DockerHost } from './docker-host.ts'

const maxAnswerBytes = 4 * 1024 * 1024
/** Milliseconds without progress: loading and saving pause for as long as the engine unpacks or packs a layer. */
const patience = 600_000

export class EngineApi {
  readonly #client: Client
  readonly #address: string
  readonly #userAgent: string

  constructor(host: DockerHost, userAgent: string) {
    this.#userAgent = userAgent
    this.#address = host.kind === 'socket' ? host.path : host.url.host
    this.#client =
      host.kind === 'socket'
        ? new Client('http://docker', { socketPath: host.path })
        : new Client(host.url.origin, { connect: { ...host.tls } })
  }

  /** Whether the engine's image store keeps all platforms of an image (containerd's does, the classic one does not). */
  async keepsPlatforms({ signal }: CancelOptions): Promise<boolean> {
    const response = await this.#request({ method: 'GET', path: '/info' }, { signal })
    const bytes = await collect(response.body, maxAnswerBytes, 'the engine’s description')
    if (response.statusCode !== 200) throw refused('describe itself', response.statusCode, bytes)
    const info = JSON.parse(Buffer.from(bytes).toString('utf8')) as { DriverStatus?: unknown }
    return JSON.stringify(info.DriverStatus ?? []).includes('io.containerd.snapshotter')
  }

  /** The archive that `docker save` writes; undefined when there is no such image. */
  async save(reference: string, { signal }: CancelOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = `/images/${encodeURIComponent(reference)}/get`
    const response = await this.#request({ method: 'GET', path }, { signal })
    if (response.statusCode === 200) return this.#guarded(response.body, { signal })
    const bytes = await collect(response.body, maxAnswerBytes, 'the engine’s answer')
    // Engines with the containerd image store say 500 for an image that is not there.
    if (response.statusCode === 404 || /no such image|not found/i.test(textOf(bytes))) return undefined
    throw refused(`save ${reference}`, response.statusCode, bytes)
  }

  /** Loads an archive of `docker save`. The engine tells failures in a stream of messages, with status 200. */
  async load(archive: AsyncIterable<Uint8Array>, { signal }: CancelOptions): Promise<void> {
    const body = new SentBody(archive)
    const headers = { 'content-type': 'application/x-tar' }
    try {
      const request = { method: 'POST' as const, path: '/images/load?quiet=1', headers, body: body as never }
      const response = await this.#request(request, { signal })
      const bytes = await collect(
        this.#guarded(response.body, { signal }),
        maxAnswerBytes,
        'the engine’s answer',
      )
      const complaint = complaintIn(bytes)
      if (response.statusCode !== 200 || complaint)
        throw refused('load the image', response.statusCode, bytes)
    } catch (error) {
      throw body.failure ?? error
    } finally {
      await body.end()
    }
  }

  async close(): Promise<void> {
    await this.#client.destroy()
  }

  async #request(
    request: Omit<Dispatcher.RequestOptions, 'origin'>,
    { signal }: CancelOptions,
  ): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#client.request({
        ...request,
        headers: { 'user-agent': this.#userAgent, ...(request.headers as Record<string, string>) },
        signal,
        headersTimeout: patience,
        bodyTimeout: patience,
      })
    } catch (error) {
      throw this.#failure(error, signal)
    }
  }

  async *#guarded(body: AsyncIterable<Uint8Array>, { signal }: CancelOptions): AsyncGenerator<Uint8Array> {
    try {
      yield* body
    } catch (error) {
      throw this.#failure(error, signal)
    }
  }

  #failure(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return reasonOf(signal)
    if (error instanceof CodedError) return error
    const code = codeOf(error)
    if (code === 'EACCES' || code === 'EPERM') {
      return new StoreError(
        'DAEMON_PERMISSION',
        `no permission to use the Docker engine at ${this.#address}`,
        {
          kind: 'environment',
          hint: 'add yourself to the group docker (sudo usermod -aG docker $USER, then log in again), or write oci-archive:FILE, which needs no engine',
          cause: error,
        },
      )
    }
    return new StoreError(
      'DAEMON_UNREACHABLE',
      `no Docker engine answers at ${this.#address}: ${messageOf(error) || code}`,
      {
        kind: 'environment',
        hint: 'start Docker, or set DOCKER_HOST; oci-archive:FILE needs no engine',
        cause: error,
      },
    )
  }
}

function refused(action: string, status: number, bytes: Uint8Array): StoreError {
  const said = complaintIn(bytes) ?? textOf(bytes).slice(0, 300)
  return new StoreError('DAEMON_REFUSED', `the Docker engine could not ${action}: ${said}`, {
    kind: 'environment',
    details: { status },
  })
}

/** `{"message": …}` of a refusal, or the error in a stream of messages, one JSON document per line. */
function complaintIn(bytes: Uint8Array): string | undefined {
  for (const line of textOf(bytes).split('\n')) {
    try {
      const { message, error } = JSON.parse(line) as { message?: unknown; error?: unknown }
      const said = error ?? message
      if (typeof said === 'string') return said.slice(0, 500)
    } catch {
      // a line of another kind
    }
  }
  return undefined
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8').trim()
}
