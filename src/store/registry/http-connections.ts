/** HTTP over undici: keep-alive connections, proxies, certificate authorities; failures as coded errors. */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { type CancelOptions, CodedError, codeOf, messageOf, reasonOf } from '../../base/index.ts'
import { SentBody } from '../sent-body.ts'
import type { StoreSettings } from '../settings.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { isLoopback } from './origin.ts'
import { RegistryError } from './registry-error.ts'
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

const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

function connectionFailure(error: unknown, { method, url }: HttpRequest, signal: AbortSignal): unknown {
  if (signal.aborted) return reasonOf(signal)
  if (error instanceof CodedError) return error
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | undefined)?.cause) ?? ''
  // Not from the connection: something in our own code.
  const isGarbage = error instanceof Error && error.name === 'HTTPParserError'
  if (
    (code === '' && !isGarbage) ||
    code.startsWith('UND_ERR_INVALID') ||
    code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
  )
    return error
  const exchange = { method, url: `${url.origin}${url.pathname}` }
  const details = { details: { cause: code }, exchange, cause: error, kind: 'environment' as const }
  const said = messageOf(error) || code
  if (timeouts.has(code)) {
    const message = `${url.host} did not answer in time (${method} ${url.pathname})`
    const hint = 'check the network; a proxy is taken from HTTPS_PROXY'
    return new RegistryError('REGISTRY_TIMEOUT', message, { ...details, hint, retryable: true })
  }
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code)) {
    const message = `no secure connection to ${url.host}: ${tlsReason(code, said)}`
    return new RegistryError('REGISTRY_TLS', message, { ...details, hint: tlsHint(code, url.host) })
  }
  if (isGarbage) {
    const message = `${url.host} does not speak HTTP: ${said}`
    return new RegistryError('REGISTRY_PROTOCOL', message, { ...details, retryable: true })
  }
  return new RegistryError('REGISTRY_UNREACHABLE', `no connection to ${url.host}: ${said}`, {
    ...details,
    hint: unreachableHints[code] ?? 'check the network and the address',
    retryable: code !== 'ENOTFOUND',
  })
}

const unreachableHints: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: is the registry running, and is the port right?',
  ENOTFOUND: 'there is no such host: check the spelling; behind a proxy, set HTTPS_PROXY',
}

function tlsReason(code: string, said: string): string {
  return isNotTls(code) ? 'it does not speak TLS' : said
}

function tlsHint(code: string, host: string): string {
  if (isNotTls(code)) return `if ${host} is a plain-HTTP registry that you trust, list it as insecure`
  return 'name the file of its certificate authority in NODE_EXTRA_CA_CERTS or SSL_CERT_FILE, or put it into /etc/docker/certs.d'
}

function isNotTls(code: string): boolean {
  return (
    code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG' || code === 'EPROTO'
  )
}
