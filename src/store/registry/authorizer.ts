/**
 * Authorization for one registry (distribution's token specification): learns from a 401 which scheme the registry wants,
 * fetches tokens for scopes, keeps them until they are about to expire. Credentials are found for this registry's name and
 * go to this registry's origin and to the token server that it names, nowhere else.
 */
import { type CancelOptions, collect, throwIfAborted } from '../../base/index.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import { errorFromAnswer } from './error-answer.ts'
import { bodyOf, type HttpAnswer, type HttpRequest } from './http.ts'
import { loginCommand } from './refusal-hint.ts'
import { redactUrl, RegistryError } from './registry-error.ts'

/** What a request needs to be allowed. */
export interface Scope {
  repository: string
  actions: 'pull' | 'pull,push'
}

export interface AuthorizerOptions {
  /** `host[:port]` as in references */
  registry: string
  origin: URL
  credentials: (repository: string, options: CancelOptions) => Promise<Credentials | undefined>
  /** sends a request, retrying what is temporary */
  send: (request: HttpRequest, options: CancelOptions) => Promise<HttpAnswer>
}

interface Token {
  value: string
  /** milliseconds since 1970 */
  expires: number
}

const maxTokenAnswerBytes = 1024 * 1024
/** Milliseconds for which found credentials are used before they are looked up again: a helper is a program to start. */
const credentialsLast = 300_000
/** Tokens are replaced this long before they expire: a large upload begins with one that lasts. */
const margin = 15_000

export class Authorizer {
  readonly #options: AuthorizerOptions
  /** known once the registry has asked for authorization */
  #challenge: Challenge | undefined
  readonly #tokens = new Map<string, Promise<Token>>()
  readonly #credentials = new Map<string, { found: Credentials | undefined; until: number }>()
  /** scopes that the registry itself asked for, by ours */
  readonly #demanded = new Map<string, string>()

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  /** The `Authorization` header for a request; undefined as long as the registry has not asked for one. */
  async header(scopes: readonly Scope[], { signal }: CancelOptions): Promise<string | undefined> {
    if (!this.#challenge) return undefined
    if (this.#challenge.scheme === 'basic') return this.#basic(scopes, { signal })
    return `Bearer ${(await this.#token(scopes, { signal })).value}`
  }

  /**
   * Takes note of a 401. True when the same request with a new header may do better: the registry was not known to ask, or
   * the token that was `used` may have expired.
   */
  learn(answer: HttpAnswer, used: string | undefined, scopes: readonly Scope[]): boolean {
    const offered = parseChallenges(answer.header('www-authenticate') ?? '')
    this.#credentials.clear()
    const challenge =
      offered.find(({ scheme }) => scheme === 'bearer') ?? offered.find(({ scheme }) => scheme === 'basic')
    if (!challenge) return false
    const first = !this.#challenge || this.#challenge.scheme !== challenge.scheme
    this.#challenge = challenge
    if (challenge.scheme === 'basic') return first || used === undefined
    const demanded = challenge.parameters.get('scope')
    const key = keyOf(scopes)
    if (demanded) this.#demanded.set(key, demanded)
    this.#tokens.delete(key)
    return true
  }

  async #basic(scopes: readonly Scope[], { signal }: CancelOptions): Promise<string | undefined> {
    const credentials = await this.#credentialsFor(scopes, { signal })
    return credentials?.kind === 'password' ? basicHeader(credentials) : undefined
  }

  async #credentialsFor(scopes: readonly Scope[], options: CancelOptions): Promise<Credentials | undefined> {
    const repository = scopes[0]?.repository ?? ''
    const kept = this.#credentials.get(repository)
    if (kept && kept.until > Date.now()) return kept.found
    // The value is kept and not the promise: nobody's cancellation may fail somebody else's request.
    const found = await this.#options.credentials(repository, options)
    this.#credentials.set(repository, { found, until: Date.now() + credentialsLast })
    return found
  }

  async #token(scopes: readonly Scope[], { signal }: CancelOptions): Promise<Token> {
    const key = keyOf(scopes)
    const kept = this.#tokens.get(key)
    if (kept) {
      const token = await kept.catch(() => undefined)
      throwIfAborted(signal)
      if (token && token.expires - margin > Date.now()) return token
      // Whoever comes first replaces it; the others find the new one.
      if (this.#tokens.get(key) !== kept) return this.#token(scopes, { signal })
    }
    const fetched = this.#fetchToken(scopes, { signal })
    this.#tokens.set(key, fetched)
    try {
      return await fetched
    } catch (error) {
      if (this.#tokens.get(key) === fetched) this.#tokens.delete(key)
      throw error
    }
  }

  async #fetchToken(scopes: readonly Scope[], { signal }: CancelOptions): Promise<Token> {
    const { registry, send } = this.#options
    const credentials = await this.#credentialsFor(scopes, { signal })
    const answer = await send(this.#tokenRequest(scopes, credentials), { signal })
    const attempt = { action: `get a token from ${answer.url.host}`, registry, ...repositoryOf(scopes) }
    if (answer.status !== 200) {
      const error = await errorFromAnswer(answer, attempt, { signal })
      if (error.status !== 401 && error.status !== 403) throw error
      const hint = credentials
        ? `the stored credentials for ${registry} were refused; log in again: ${loginCommand(registry)}`
        : `log in first: ${loginCommand(registry)}`
      const exchange = error.exchange
      throw new RegistryError('REGISTRY_UNAUTHORIZED', error.message, {
        kind: 'environment',
        hint,
        ...(exchange ? { exchange } : {}),
        cause: error,
      })
    }
    const bytes = await collect(
      answer.body({ signal }),
      maxTokenAnswerBytes,
      `the token from ${answer.url.host}`,
    )
    return tokenIn(bytes, answer.url)
  }

  /** With a password: GET, which every token server knows. With an identity token: OAuth2's POST. */
  #tokenRequest(scopes: readonly Scope[], credentials: Credentials | undefined): HttpRequest {
    const url = this.#realm()
    const service = this.#challenge?.parameters.get('service')
    const wanted = new Set(scopes.map(scopeText))
    for (const scope of this.#demanded.get(keyOf(scopes))?.split(' ') ?? []) wanted.add(scope)
    const headers = { accept: 'application/json' }
    if (credentials?.kind === 'identity') {
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'everyarch',
        ...(service ? { service } : {}),
        scope: [...wanted].join(' '),
        refresh_token: credentials.token.reveal(),
      })
      const body = bodyOf(new TextEncoder().encode(form.toString()))
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return { method: 'POST', url, headers: { ...headers, ...type }, body, timeout: 30_000 }
    }
    if (service) url.searchParams.set('service', service)
    for (const scope of wanted) url.searchParams.append('scope', scope)
    const authorization: Record<string, string> = credentials
      ? { authorization: basicHeader(credentials) }
      : {}
    return { method: 'GET', url, headers: { ...headers, ...authorization }, timeout: 30_000 }
  }

  /** The token server. It gets the credentials, so a registry that is spoken to with TLS may not name one without. */
  #realm(): URL {
    const { registry, origin } = this.#options
    const realm = this.#challenge?.parameters.get('realm') ?? ''
    const url = URL.canParse(realm) ? new URL(realm) : undefined
    const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && origin.protocol === 'http:')
    if (url && allowed) return url
    throw new RegistryError(
      'REGISTRY_PROTOCOL',
      `${registry} names a token server that cannot be trusted: ${url ? redactUrl(url) : JSON.stringify(realm)}`,
      { kind: 'environment', hint: 'the registry’s operators must name an https address as realm' },
    )
  }
}

function tokenIn(bytes: Uint8Array, url: URL): Token {
  let answer: { token?: unknown; access_token?: unknown; expires_in?: unknown } | null
  try {
    answer = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    answer = null
  }
  const value = answer?.token || answer?.access_token
  if (typeof value !== 'string' || /[^\x21-\x7e]/.test(value)) {
    throw new RegistryError('REGISTRY_PROTOCOL', `the token server ${url.host} gave no token`, {
      kind: 'environment',
    })
  }
  // The specification's default, and its minimum.
  const seconds = Math.max(typeof answer?.expires_in === 'number' ? answer.expires_in : 60, 60)
  return { value, expires: Date.now() + seconds * 1000 }
}

function basicHeader(credentials: { username: string; password: { reveal(): string } }): string {
  const text = `${credentials.username}:${credentials.password.reveal()}`
  return `Basic ${Buffer.from(text, 'utf8').toString('base64')}`
}

function scopeText({ repository, actions }: Scope): string {
  return `repository:${repository}:${actions}`
}

function keyOf(scopes: readonly Scope[]): string {
  return scopes.map(scopeText).join(' ')
}

function repositoryOf(scopes: readonly Scope[]): { repository?: string } {
  const repository = scopes[0]?.repository
  return repository ? { repository } : {}
}
