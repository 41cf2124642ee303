/**
 * Credential helpers: programs `docker-credential-SUFFIX` that are asked with `get`, a server's name on standard input, and
 * answer with JSON on standard output.
 */
import { spawn } from 'node:child_process'
import { type CancelOptions, codeOf, collect, reasonOf, Secret } from '../../base/index.ts'
import { RegistryError } from '../registry/registry-error.ts'
import type { Credentials } from './credentials.ts'

/** Milliseconds; helpers may refresh a token over the network, or ask a person to unlock a keychain. */
const patience = 30_000
const maxAnswerBytes = 1024 * 1024

/** Asks a helper; undefined when it has nothing for this server. Throws `RegistryError` `CREDENTIAL_HELPER`. */
export async function askHelper(
  suffix: string,
  server: string,
  { signal }: CancelOptions,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${suffix}`
  if (!/^[\w.-]+$/.test(suffix)) throw failed(program, 'that is not a helper’s name')
  const { code, output } = await run(program, server, { signal })
  const text = output.trim()
  // Helpers say so in words; the protocol has no code for it.
  if (code !== 0 && /credentials not found/i.test(text)) return undefined
  if (code !== 0) throw failed(program, text.slice(0, 300) || `it ended with code ${code}`)
  return credentialsIn(text, program)
}

function credentialsIn(text: string, program: string): Credentials | undefined {
  let answer: { Username?: unknown; Secret?: unknown } | null
  try {
    answer = JSON.parse(text)
  } catch (cause) {
    throw failed(program, 'its answer is not JSON', cause)
  }
  if (typeof answer?.Username !== 'string' || typeof answer.Secret !== 'string')
    throw failed(program, 'its answer has no Username and Secret')
  if (answer.Secret === '') return undefined
  const secret = new Secret(answer.Secret)
  return answer.Username === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', username: answer.Username, password: secret }
}

async function run(
  program: string,
  input: string,
  { signal }: CancelOptions,
): Promise<{ code: number | null; output: string }> {
  const deadline = AbortSignal.timeout(patience)
  const child = spawn(program, ['get'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.any([signal, deadline]),
    killSignal: 'SIGKILL',
  })
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  // A helper may answer without reading; its broken pipe is no news.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  try {
    const [bytes, code] = await Promise.all([
      collect(child.stdout, maxAnswerBytes, `the answer of ${program}`),
      ended,
    ])
    return { code, output: Buffer.from(bytes).toString('utf8') }
  } catch (error) {
    ended.catch(() => {})
    child.kill('SIGKILL')
    if (signal.aborted) throw reasonOf(signal)
    if (deadline.aborted) throw failed(program, `no answer within ${patience / 1000} s`, error)
    if (codeOf(error) === 'ENOENT') throw failed(program, 'there is no such program on PATH', error)
    throw failed(program, 'it could not be run', error)
  }
}

function failed(program: string, why: string, cause?: unknown): RegistryError {
  return new RegistryError('CREDENTIAL_HELPER', `could not get credentials from ${program}: ${why}`, {
    kind: 'environment',
    hint: `install ${program}, or remove it from credsStore and credHelpers in Docker’s config.json and log in again`,
    cause,
  })
}
