/** What npm's libraries throw, as failures of ours: which package, what happened, what to do. */
import { CodedError, codeOf, messageOf, reasonOf } from '../base/index.ts'
import { type LockedPackage, nameAndVersion } from '../lockfile/index.ts'
import { NpmError, type NpmErrorCode } from './npm-error.ts'

const certificateCodes = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_UNTRUSTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** As much of a package as failures tell. */
type Wanted = Pick<LockedPackage, 'name'> &
  Partial<Pick<LockedPackage, 'version' | 'location' | 'resolved' | 'integrity'>>

interface Explanation {
  code: NpmErrorCode
  why: string
  hint: string
  kind?: 'usage' | 'environment'
  retryable?: boolean
  details?: Record<string, unknown>
}

/**
 * The failure to throw for a package that could not be had. Failures of ours, an aborted signal's, and mistakes in a program
 * stay what they are.
 */
export function packageFailure(locked: Wanted, cause: unknown, signal: AbortSignal): Error {
  if (signal.aborted) return reasonOf(signal)
  if (cause instanceof CodedError) return cause
  if (cause instanceof TypeError && codeOf(cause) === undefined) return cause
  const { code, why, hint, kind, retryable, details } = explain(locked, cause)
  return new NpmError(code, `${nameAndVersion(locked)}: ${why}`, {
    kind: kind ?? 'environment',
    hint,
    retryable: retryable ?? false,
    details: { package: nameAndVersion(locked), location: locked.location, ...details },
    cause,
  })
}

function explain(locked: Wanted, cause: unknown): Explanation {
  const code = codeOf(cause) ?? ''
  const url = safeUrl(cause)
  const from = url ? ` (${url})` : ''
  if (code === 'EINTEGRITY') return integrityMismatch(locked, cause)
  if (certificateCodes.has(code)) return untrusted(code, from)
  if (code === 'ENOTCACHED') {
    return {
      code: 'NPM_OFFLINE',
      why: "it is not in npm's cache, and npm is configured to stay offline",
      hint: 'run once with network, without `offline` in .npmrc and npm_config_offline',
    }
  }
  if (code === 'E401' || code === 'E403') {
    return {
      code: 'NPM_UNAUTHORIZED',
      why: `the registry refused access with ${code.slice(1)}${from}`,
      hint: 'run `npm login`, or check the token for this registry in .npmrc (`//host/path/:_authToken=…`)',
    }
  }
  if (code === 'E404' || code === 'E410' || code === 'ETARGET') {
    return {
      code: 'NPM_PACKAGE_NOT_FOUND',
      why: `the registry does not have it${from}`,
      hint: 'check `registry` and scopes in .npmrc; a private package that you may not see looks the same',
    }
  }
  if (code.startsWith('EALLOW')) {
    return {
      code: 'NPM_CONFIG_INVALID',
      why: messageOf(cause),
      hint: `npm is configured so (${code})`,
      kind: 'usage',
    }
  }
  if (isGit(locked)) {
    return {
      code: 'NPM_GIT_UNREACHABLE',
      why: `its git repository cannot be used: ${firstLine(cause)}`,
      hint: 'check that git is installed and that this machine may clone it, or publish the package to a registry',
    }
  }
  if (code === 'ENOENT' || code === 'EISDIR') {
    return {
      code: 'NPM_PACKAGE_NOT_FOUND',
      why: firstLine(cause),
      hint: 'check the `file:` dependency',
      kind: 'usage',
    }
  }
  return {
    code: 'NPM_REGISTRY_UNREACHABLE',
    why: `it cannot be fetched: ${firstLine(cause)}${from}`,
    hint: 'check network, proxy and `registry` in .npmrc (`npm ping`); npm retries as `fetch-retries` says',
    retryable: true,
  }
}

function integrityMismatch(locked: Wanted, cause: unknown): Explanation {
  const { found } = cause as { found?: { toString(): string } }
  const got = found === undefined ? undefined : String(found)
  return {
    code: 'NPM_INTEGRITY',
    why: `its tarball is not the one that the lockfile names: expected ${locked.integrity}, got ${got ?? 'another one'}`,
    hint:
      'somebody published other content under this version, or something on the way changed it\n' +
      'compare with `npm view NAME@VERSION dist.integrity`; after a deliberate change, run `npm install`',
    details: { expected: locked.integrity, got },
  }
}

function untrusted(code: string, from: string): Explanation {
  return {
    code: 'NPM_CERTIFICATE',
    why: `the registry's certificate is not trusted: ${code}${from}`,
    hint: 'name the certificate authority of your network: `cafile=/path/ca.pem` in .npmrc, or NODE_EXTRA_CA_CERTS=/path/ca.pem in the environment',
    details: { tls: code },
  }
}

/** Whether a package comes from a git repository. */
export function isGit({ resolved }: Wanted): boolean {
  return resolved !== undefined && /^git(?:\+|:)/.test(resolved)
}

/** Where a request went, without user, password and query. */
function safeUrl(cause: unknown): string | undefined {
  const { uri } = cause as { uri?: unknown }
  if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined
  const url = new URL(uri)
  return `${url.origin}${url.pathname}`
}

function firstLine(cause: unknown): string {
  const { stderr } = cause as { stderr?: unknown }
  const text = typeof stderr === 'string' && stderr.trim() ? stderr.trim() : messageOf(cause)
  return (text.split('\n').find((line) => line.trim() !== '') ?? text).replace(/\/\/[^/@\s]+@/g, '//***@')
}
