/**
 * Requests to one registry: authorization, redirects and retries around single exchanges. What comes back has one of the
 * statuses that the caller expects; everything else is a `RegistryError`.
 */
import { type CancelOptions, sleep } from '../../base/index.ts'
import type { FindCredentials } from '../credentials/credentials.ts'
import { Authorizer, type Scope } from './authorizer.ts'
import { errorFromAnswer, isTemporary } from './error-answer.ts'
import type { Exchange, HttpAnswer, HttpBody, HttpMethod, HttpRequest } from './http.ts'
import { redactUrl, RegistryError } from './registry-error.ts'
import { backoff, longestRequestedWait, requestedWait, type RetryPolicy } from './retry.ts'

export interface RegistryRequest {
  method: HttpMethod
  /** a path below `/v2/`, or the URL that an earlier answer named */
  target: string | URL
  scopes: readonly Scope[]
  /** what is being done, for messages: "push layer sha256:…" */
  action: string
  /** statuses that are an answer and no failure */
  expect: readonly number[]
  headers?: Record<string, string>
  body?: HttpBody
  /** the request is not repeated: after a failure the registry's state must be asked for first */
  once?: boolean
  /** milliseconds without progress; 60 000 when absent */
  timeout?: number
}

export interface RegistryClientOptions {
  /** `host[:port]` as in references */
  registry: string
  origin: URL
  exchange: Exchange
  credentials: FindCredentials
  retry: RetryPolicy
}

const maxRedirects = 5

export class RegistryClient {
  readonly registry: string
  readonly retry: RetryPolicy
  readonly #options: RegistryClientOptions
  readonly #authorizer: Authorizer
  #origin: URL
  /** the registry has once answered as one that speaks the protocol that it is spoken to with */
  #understood = false
  /** settled when the first answer has come: before, it is not known how the registry wants to be asked */
  #firstContact: Promise<void> | undefined

  constructor(options: RegistryClientOptions) {
    const { registry, origin } = options
    this.registry = registry
    this.#origin = origin
    this.retry = options.retry
    this.#options = options
    this.#authorizer = new Authorizer({
      registry,
      origin,
      credentials: (repository, cancel) => options.credentials(registry, repository, cancel),
      send: (request, cancel) => this.#persistently(() => options.exchange(request, cancel), cancel),
    })
  }

  /** Throws `RegistryError` for any status that is not expected, and when there is no answer. */
  async send(request: RegistryRequest, { signal }: CancelOptions): Promise<HttpAnswer> {
    const { registry } = this
    const repository = request.scopes[0]?.repository
    const attempt = { action: request.action, registry, ...(repository ? { repository } : {}) }
    const once = () => this.#authorized(request, { signal })
    const answer = request.once ? await once() : await this.#persistently(once, { signal })
    this.#understood ||= answer.status !== 400
    if (request.expect.includes(answer.status)) return answer
    const error = await errorFromAnswer(answer, attempt, { signal })
    if (!(await this.#wantsTls(error, { signal }))) throw error
    this.#origin = new URL(`https://${this.#origin.host}/`)
    return this.send(request, { signal })
  }

  /** Resolves a `Location` against the answer that carried it. Throws `REGISTRY_PROTOCOL` when there is none. */
  locationOf(answer: HttpAnswer): URL {
    const location = answer.header('location')
    const url =
      location !== undefined && URL.canParse(location, answer.url.href)
        ? new URL(location, answer.url)
        : undefined
    if (!url || !/^https?:$/.test(url.protocol))
      throw this.#protocolError(answer, 'without a usable Location')
    if (url.protocol === 'http:' && answer.url.protocol === 'https:') {
      throw this.#protocolError(answer, `with a Location that gives up TLS: ${redactUrl(url)}`)
    }
    return url
  }

  /** Loopback and insecure registries are taken to speak plain HTTP; one that does not says so in words. */
  async #wantsTls({ status }: RegistryError, { signal }: CancelOptions): Promise<boolean> {
    if (this.#understood || status !== 400 || this.#origin.protocol !== 'http:') return false
    const request = {
      method: 'GET' as const,
      url: new URL('/v2/', this.#origin),
      headers: {},
      timeout: 10_000,
    }
    const answer = await this.#options.exchange(request, { signal })
    const { message } = await errorFromAnswer(answer, { action: 'ask', registry: this.registry }, { signal })
    return /HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i.test(message)
  }

  /** Repeats what fails for the moment, with pauses that grow or that the registry asks for. */
  async #persistently(exchange: () => Promise<HttpAnswer>, { signal }: CancelOptions): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt++) {
      let wait = backoff(attempt, this.retry)
      const last = attempt >= this.retry.attempts
      try {
        const answer = await exchange()
        if (last || !isTemporary(answer.status)) return answer
        const requested = requestedWait(answer.header('retry-after'), Date.now())
        if (requested !== undefined && requested > longestRequestedWait) return answer
        wait = requested ?? wait
        await answer.discard()
      } catch (error) {
        if (last || !(error instanceof RegistryError) || !error.retryable) throw error
      }
      await sleep(wait, { signal })
    }
  }

  /** Sends with what is known about authorization; a 401 teaches more, and then the request is sent once more. */
  async #authorized(request: RegistryRequest, { signal }: CancelOptions): Promise<HttpAnswer> {
    const earlier = this.#firstContact
    let learned = () => {}
    if (earlier) await earlier
    else this.#firstContact = new Promise((resolve) => (learned = resolve))
    try {
      const used = await this.#authorizer.header(request.scopes, { signal })
      const answer = await this.#following(request, used, { signal })
      if (answer.status !== 401 || !this.#authorizer.learn(answer, used, request.scopes)) return answer
      learned()
      const header = await this.#authorizer.header(request.scopes, { signal })
      if (header === undefined) return answer
      await answer.discard()
      return await this.#following(request, header, { signal })
    } finally {
      learned()
    }
  }

  /** Follows redirects. Authorization goes to the registry's own origin only. */
  async #following(
    request: RegistryRequest,
    authorization: string | undefined,
    { signal }: CancelOptions,
  ): Promise<HttpAnswer> {
    const { exchange } = this.#options
    let url = this.#urlOf(request.target)
    for (let redirects = 0; ; redirects++) {
      const answer = await exchange(this.#exchangeOf(request, url, authorization), { signal })
      if (!isRedirect(answer.status, request.method)) return answer
      if (redirects >= maxRedirects) throw this.#protocolError(answer, 'with one redirect after the other')
      url = this.locationOf(answer)
      await answer.discard()
    }
  }

  #exchangeOf(request: RegistryRequest, url: URL, authorization: string | undefined): HttpRequest {
    const { method, headers, body, timeout = 60_000 } = request
    const own = url.origin === this.#origin.origin
    return {
      method,
      url,
      timeout,
      headers: {
        'accept-encoding': 'identity',
        ...headers,
        ...(own && authorization ? { authorization } : {}),
      },
      ...(body ? { body } : {}),
    }
  }

  #urlOf(target: string | URL): URL {
    return typeof target === 'string' ? new URL(`/v2/${target}`, this.#origin) : target
  }

  #protocolError(answer: HttpAnswer, what: string): RegistryError {
    const { method, url, status } = answer
    const exchange = { method, url: redactUrl(url), status }
    return new RegistryError('REGISTRY_PROTOCOL', `${url.host} answered ${status} ${what}`, {
      kind: 'environment',
      hint: 'a proxy in front of the registry may not tell it the scheme and host that clients see (X-Forwarded-Proto, Host)',
      exchange,
    })
  }
}

/** 307 and 308 keep the method; the others are followed where that makes no difference. */
function isRedirect(status: number, method: HttpMethod): boolean {
  if (status === 307 || status === 308) return true
  return (status === 301 || status === 302 || status === 303) && (method === 'GET' || method === 'HEAD')
}
