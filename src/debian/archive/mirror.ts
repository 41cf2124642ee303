/** Reading files of an archive: http and https through the port that was given, file: from disk; retried where that helps. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  type CancelOptions,
  codeOf,
  messageOf,
  sleep,
  type Source,
  throwIfAborted,
} from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import type { HttpAnswer, HttpGet } from '../ports.ts'

/** What a server said about the version of a file that we have. */
export interface Validators {
  etag?: string
  lastModified?: string
}

export type Fetched =
  | { state: 'fresh'; body: AsyncIterable<Uint8Array>; validators: Validators }
  | { state: 'unchanged' }
  | { state: 'missing' }

export interface Mirror {
  /**
   * Asks for a file, unless it is still the one of `known`. Throws `DebianError` `DEBIAN_MIRROR_FAILED` when there is no
   * answer, or none that means yes or no.
   */
  fetch(url: string, options: CancelOptions & { known?: Validators }): Promise<Fetched>
  /** A file that must be there, as content. Throws `DebianError` `DEBIAN_MIRROR_FAILED` when read. */
  content(url: string): Source
}

/** Milliseconds before each further attempt. */
const pauses = [200, 1000]

export function openMirror(http: HttpGet): Mirror {
  const fetch: Mirror['fetch'] = async (url, { signal, known = {} }) => {
    if (url.startsWith('file:')) return openFile(url, { signal })
    for (const pause of [...pauses, undefined]) {
      try {
        return await request(http, url, known, { signal })
      } catch (error) {
        throwIfAborted(signal)
        if (pause === undefined || !(error instanceof DebianError) || !error.retryable) throw error
        await sleep(pause, { signal })
      }
    }
    throw failed(url, 'no attempt was made')
  }
  return {
    fetch,
    content: (url) =>
      async function* (options) {
        const fetched = await fetch(url, options)
        if (fetched.state !== 'fresh') throw failed(url, 'the file is not there')
        yield* fetched.body
      },
  }
}

async function request(
  http: HttpGet,
  url: string,
  known: Validators,
  { signal }: CancelOptions,
): Promise<Fetched> {
  const { href, authorization } = withoutCredentials(url)
  const headers: Record<string, string> = {
    // The files are compressed already, and their sizes are checked: no coding on top.
    'accept-encoding': 'identity',
    ...(authorization ? { authorization } : {}),
    ...(known.etag ? { 'if-none-match': known.etag } : {}),
    ...(known.lastModified ? { 'if-modified-since': known.lastModified } : {}),
  }
  let answer: HttpAnswer
  try {
    answer = await http(href, { headers, signal })
  } catch (cause) {
    throw failed(url, messageOf(cause), { cause, retryable: true })
  }
  if (answer.status === 200) return fresh(url, answer, { signal })
  await discard(answer)
  if (answer.status === 304) return { state: 'unchanged' }
  if (answer.status === 404 || answer.status === 410) return { state: 'missing' }
  const retryable = answer.status >= 500 || answer.status === 429 || answer.status === 408
  throw failed(url, `the server answered with status ${answer.status}`, { retryable, status: answer.status })
}

function fresh(url: string, { headers, body }: HttpAnswer, options: CancelOptions): Fetched {
  const etag = headers.get('etag')
  const lastModified = headers.get('last-modified')
  return {
    state: 'fresh',
    body: transferred(url, body, options),
    validators: { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) },
  }
}

async function* transferred(
  url: string,
  body: HttpAnswer['body'],
  { signal }: CancelOptions,
): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body
  } catch (cause) {
    throwIfAborted(signal)
    throw failed(url, `the transfer broke off: ${messageOf(cause)}`, { cause, retryable: true })
  }
}

/** Ends a body that nobody reads, so that its connection is free again. */
async function discard({ body }: HttpAnswer): Promise<void> {
  await body?.[Symbol.asyncIterator]().return?.()
}

async function openFile(url: string, { signal }: CancelOptions): Promise<Fetched> {
  const path = fileURLToPath(url)
  try {
    if (!(await stat(path)).isFile()) return { state: 'missing' }
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' || codeOf(cause) === 'ENOTDIR') return { state: 'missing' }
    throw failed(url, messageOf(cause), { cause })
  }
  return { state: 'fresh', body: createReadStream(path, { signal }), validators: {} }
}

/** `fetch` refuses URLs with a user name; they are sent as a header, and shown to nobody. */
function withoutCredentials(url: string): { href: string; authorization?: string } {
  const parsed = new URL(url)
  const { username, password } = parsed
  if (username === '' && password === '') return { href: url }
  parsed.username = ''
  parsed.password = ''
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { href: parsed.href, authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/** A URL for messages: without credentials. */
export function displayUrl(url: string): string {
  return withoutCredentials(url).href
}

function failed(
  url: string,
  why: string,
  { cause, retryable = false, status }: { cause?: unknown; retryable?: boolean; status?: number } = {},
): DebianError {
  return new DebianError('DEBIAN_MIRROR_FAILED', `${displayUrl(url)}: ${why}`, {
    kind: 'environment',
    hint: 'check network and proxy, or name another mirror with --debian-mirror',
    retryable,
    cause,
    details: { url: displayUrl(url), ...(status === undefined ? {} : { status }) },
  })
}
