/** From a refusing answer of a registry to a `RegistryError` with a hint. */
import { type CancelOptions, codeOf } from '../../base/index.ts'
import type { HttpAnswer } from './http.ts'
import { refusalHint } from './refusal-hint.ts'
import {
  type FailedExchange,
  redactUrl,
  type RegistryComplaint,
  RegistryError,
  type RegistryErrorCode,
} from './registry-error.ts'
import { longestRequestedWait, requestedWait } from './retry.ts'

const maxErrorBytes = 64 * 1024
const requestIdHeaders = [
  'x-request-id',
  'x-github-request-id',
  'x-amzn-requestid',
  'x-ms-correlation-request-id',
  'x-ms-request-id',
  'x-goog-request-id',
]

/** What was being done, for the message. */
export interface Attempt {
  /** "push shop:1.4.0", "read blob sha256:…" */
  action: string
  /** `host[:port]` as in references */
  registry: string
  repository?: string
}

/** Reads the body of a refusing answer (64 KiB at most) and says what it means. */
export async function errorFromAnswer(
  answer: HttpAnswer,
  attempt: Attempt,
  options: CancelOptions,
): Promise<RegistryError> {
  const text = await bodyText(answer, options)
  const complaints = complaintsIn(text)
  const requestId = requestIdHeaders.map((name) => answer.header(name)).find(Boolean)
  const retryAfter = requestedWait(answer.header('retry-after'), Date.now())
  const exchange: FailedExchange = {
    method: answer.method,
    url: redactUrl(answer.url),
    status: answer.status,
    ...(complaints.length > 0 ? { complaints } : {}),
    ...(requestId ? { requestId } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  }
  const code = codeFor(answer.status, complaints, text)
  const hint = refusalHint({ code, attempt, status: answer.status, text })
  const retryable = isTemporary(answer.status) && (retryAfter ?? 0) <= longestRequestedWait
  const said = complaints.map(({ code, message }) => message || code).join('; ') || plainText(text)
  return new RegistryError(
    code,
    `could not ${attempt.action}: ${attempt.registry} answered ${answer.status}${said ? ` (${said})` : ''}`,
    { kind: 'environment', ...(hint ? { hint } : {}), exchange, retryable },
  )
}

/** Statuses after which the same request may succeed a moment later. */
export function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
}

function codeFor(status: number, complaints: readonly RegistryComplaint[], text: string): RegistryErrorCode {
  const has = (code: string) => complaints.some((complaint) => complaint.code === code)
  if (status === 429 || has('TOOMANYREQUESTS')) return 'REGISTRY_RATE_LIMITED'
  if (
    status === 507 ||
    /no space left|insufficient storage|quota (?:has been )?exceeded|storage quota/i.test(text)
  )
    return 'REGISTRY_FULL'
  if (status === 401) return 'REGISTRY_UNAUTHORIZED'
  if (status === 403 || has('DENIED')) return 'REGISTRY_DENIED'
  if (has('NAME_INVALID') || has('TAG_INVALID')) return 'REGISTRY_NAME_INVALID'
  if (status === 404) return 'REGISTRY_NOT_FOUND'
  if (status >= 500) return 'REGISTRY_UNAVAILABLE'
  return status >= 400 ? 'REGISTRY_REJECTED' : 'REGISTRY_PROTOCOL'
}

async function bodyText(answer: HttpAnswer, options: CancelOptions): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of answer.body(options)) {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size >= maxErrorBytes) break
    }
  } catch (error) {
    // The status is the news; a body that breaks off takes nothing away from it.
    if (options.signal.aborted || codeOf(error) === 'INTERRUPTED') throw error
  }
  return Buffer.concat(chunks).subarray(0, maxErrorBytes).toString('utf8')
}

function complaintsIn(text: string): RegistryComplaint[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  const list = (value as { errors?: unknown } | null)?.errors
  if (!Array.isArray(list)) return []
  return list.slice(0, 10).flatMap((entry: { code?: unknown; message?: unknown } | null) => {
    if (typeof entry?.code !== 'string') return []
    return [
      { code: entry.code, message: typeof entry.message === 'string' ? entry.message.slice(0, 500) : '' },
    ]
  })
}

/** The first words of a body that is not the specified JSON, such as a proxy's HTML page. */
function plainText(text: string): string {
  const words = text
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
  return words.length > 160 ? `${words.slice(0, 160)}…` : words
}
