/** What a registry (or the way to it) refused, with everything that helps to find out why. */
import { CodedError, type CodedErrorOptions } from '../../base/index.ts'

export type RegistryErrorCode =
  /** no credentials, or wrong ones */
  | 'REGISTRY_UNAUTHORIZED'
  /** the credentials do not allow this */
  | 'REGISTRY_DENIED'
  /** no such repository, tag, manifest or blob (some registries say so to who may not see it) */
  | 'REGISTRY_NOT_FOUND'
  | 'REGISTRY_RATE_LIMITED'
  /** the registry does not take this repository name or tag */
  | 'REGISTRY_NAME_INVALID'
  /** any other refusal (4xx) */
  | 'REGISTRY_REJECTED'
  /** the registry has no room left */
  | 'REGISTRY_FULL'
  /** the registry failed (5xx) again and again */
  | 'REGISTRY_UNAVAILABLE'
  /** no connection */
  | 'REGISTRY_UNREACHABLE'
  /** no answer in time */
  | 'REGISTRY_TIMEOUT'
  /** TLS failed: an unknown certificate authority, or a registry that does not speak TLS */
  | 'REGISTRY_TLS'
  /** an answer that the distribution specification does not allow */
  | 'REGISTRY_PROTOCOL'
  /** a credential helper is missing or failed */
  | 'CREDENTIAL_HELPER'
  /** a credentials file that cannot be read */
  | 'CREDENTIAL_FILE'

/** One entry of a registry's error body (distribution specification, "Error Codes"). */
export interface RegistryComplaint {
  code: string
  message: string
}

/** The request that failed and what came back. Secrets are never in it. */
export interface FailedExchange {
  method: string
  /** with the values of its query redacted */
  url: string
  status?: number
  complaints?: readonly RegistryComplaint[]
  /** what the registry's operators need to find it in their log */
  requestId?: string
  /** milliseconds that the registry asks to wait */
  retryAfter?: number
}

export class RegistryError extends CodedError<RegistryErrorCode> {
  readonly exchange: FailedExchange | undefined

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: CodedErrorOptions & { exchange?: FailedExchange },
  ) {
    const { exchange, ...rest } = options
    super(code, message, { ...rest, details: { ...rest.details, ...exchange } })
    this.exchange = exchange
  }

  get status(): number | undefined {
    return this.exchange?.status
  }

  /** Whether the registry gave one of these codes, such as `BLOB_UNKNOWN`. */
  complains(...codes: string[]): boolean {
    return this.exchange?.complaints?.some(({ code }) => codes.includes(code)) ?? false
  }
}

// Values that say nothing secret and help to understand what was asked.
const plainParameters = new Set(['digest', 'mount', 'from', 'n', 'last', 'service', 'scope', 'artifactType'])

/** A URL fit for messages: without user information, and with the values of its query hidden unless known to be harmless. */
export function redactUrl(url: URL): string {
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  for (const name of new Set(shown.searchParams.keys())) {
    if (!plainParameters.has(name)) shown.searchParams.set(name, '***')
  }
  return decodeURIComponent(shown.href)
}
