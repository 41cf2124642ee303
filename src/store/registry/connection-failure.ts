/** Why an exchange with a registry failed on the way: the network, its names, TLS, time. */
import { CodedError, codeOf, messageOf, reasonOf } from '../../base/index.ts'
import type { HttpRequest } from './http.ts'
import { RegistryError } from './registry-error.ts'

const timeouts = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ETIMEDOUT',
])

/** The error to throw for something thrown by undici. Our own errors, and bugs, stay what they are. */
export function connectionFailure(
  error: unknown,
  { method, url }: HttpRequest,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return reasonOf(signal)
  if (error instanceof CodedError) return error
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | undefined)?.cause) ?? ''
  const isGarbage = error instanceof Error && error.name === 'HTTPParserError'
  if (isMisuse(code) || (code === '' && !isGarbage)) return error
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

/** undici complains about what we gave it, not about the connection. */
function isMisuse(code: string): boolean {
  return code.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
}
