/** HTTP over undici: keep-alive connections, proxies, certificate authorities; failures as coded errors. */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import type { CancelOptions } from '../../base/index.ts'
import { SentBody } from '../sent-body.ts'
import type { StoreSettings } from '../settings.ts'
import { connectionFailure } from './connection-failure.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { isLoopback } from './origin.ts'
import { tlsFor } from './tls.ts'

const connectTimeout = 15_000

/** The connections of one run. */
export class HttpConnections {
  readonly #settings: StoreSettings
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>()

  constructor(settings: StoreSettings) {
    this.#settings = settings
  }

  /** One exchange; see `Exchange`. */
  async exchange(request: HttpRequest, { signal }: CancelOptions): Promise<HttpAnswer> {
    const body = request.body && new SentBody(request.body.open({ signal }))
    try {
      const dispatcher = await this.#dispatcherFor(request.url)
      const response = await dispatcher.request({
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: {
          'user-agent': this.#settings.userAgent ?? 'everyarch',
          ...request.headers,
          ...(request.body && { 'content-length': String(request.body.length) }),
        },
        body: (body as never) ?? null,
        signal,
        headersTimeout: request.timeout,
        bodyTimeout: request.timeout,
      })
      return answerOf(request, response)
    } catch (error) {
      throw connectionFailure(body?.failure ?? error, request, signal)
    } finally {
      await body?.end()
    }
  }

  async close(): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()]
    this.#dispatchers.clear()
    await Promise.allSettled(dispatchers.map(async (made) => (await made).destroy()))
  }

  /** Each origin has its own: certificates are per host, and a proxy is not asked for a loopback address. */
  #dispatcherFor(url: URL): Promise<Dispatcher> {
    let made = this.#dispatchers.get(url.origin)
    if (!made) {
      made = this.#makeDispatcher(url)
      this.#dispatchers.set(url.origin, made)
      made.catch(() => this.#dispatchers.delete(url.origin))
    }
    return made
  }

  async #makeDispatcher(url: URL): Promise<Dispatcher> {
    const { proxy } = this.#settings
    const tls = url.protocol === 'https:' ? await tlsFor(url.host, this.#settings) : {}
    const options = { connect: { timeout: connectTimeout, ...tls }, keepAliveTimeout: 30_000 }
    if (!proxy || isLoopback(url.hostname)) return new Agent(options)
    return new EnvHttpProxyAgent({
      ...options,
      requestTls: tls,
      // Empty texts, because undici would read the environment for what is left out.
      httpProxy: proxy.http ?? '',
      httpsProxy: proxy.https ?? '',
      noProxy: proxy.no ?? '',
      // Without TLS at both ends no tunnel is needed, and many proxies refuse one to other ports than 443.
      proxyTunnel: false,
    })
  }
}

function answerOf(request: HttpRequest, response: Dispatcher.ResponseData): HttpAnswer {
  const { statusCode, headers, body } = response
  return {
    method: request.method,
    url: request.url,
    status: statusCode,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    async *body({ signal }) {
      try {
        yield* body
      } catch (error) {
        throw connectionFailure(error, request, signal)
      }
    },
    async discard() {
      await body.dump({ limit: 64 * 1024 }).catch(() => {})
    },
  }
}
