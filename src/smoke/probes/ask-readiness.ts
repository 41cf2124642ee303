/** One look at whether a service is ready. */
import { get } from 'node:http'
import { type CancelOptions, codeOf } from '../../base/index.ts'
import type { HttpReadiness } from '../http-readiness.ts'
import type { ImageHealthcheck } from '../image-healthcheck.ts'
import { type Expectation, expectationText, isMet, type Readiness } from '../probe.ts'
import { type Address, connectTo, settlingTime } from '../runners/address.ts'
import type { Container } from '../runners/runner.ts'

export type Answer =
  | { ready: true; text: string }
  /** `answered`: something is there, and says what is not expected; `said`: in these words */
  | { ready: false; text: string; answered: boolean; said?: string[] }

const patience = 20_000
const maxBody = 1 << 20

export interface AskOptions extends CancelOptions {
  container: Container
  /** the image's own, when it has one */
  healthcheck: ImageHealthcheck | undefined
}

/** Asks once; never rejects for what the service does. */
export async function askReadiness(readiness: Readiness, options: AskOptions): Promise<Answer> {
  switch (readiness.type) {
    case 'log':
      return askLog(readiness.text, options)
    case 'healthcheck':
      return askHealth(options)
    default:
      return askPort(readiness, options)
  }
}

function askLog(wanted: Expectation, { container }: AskOptions): Answer {
  const text = expectationText(wanted)
  return container.log.lines.some((line) => isMet(wanted, line))
    ? { ready: true, text: `log ${text}` }
    : { ready: false, text: `${text} was not logged`, answered: false }
}

async function askHealth({ container, healthcheck, signal }: AskOptions): Promise<Answer> {
  if (!healthcheck) return { ready: false, text: 'the image has no HEALTHCHECK', answered: false }
  const { argv, timeout } = healthcheck
  const { exitCode, output } = await container.exec(argv, { timeout, signal })
  if (exitCode === 0) return { ready: true, text: 'healthy' }
  const said = output.trim().split('\n')
  const how = exitCode === undefined ? `did not end within ${timeout / 1000} s` : `exit code ${exitCode}`
  const last = said.at(-1)
  return { ready: false, text: `HEALTHCHECK ${how}${last ? `: ${last}` : ''}`, answered: true, said }
}

async function askPort(
  readiness: Extract<Readiness, { port: number }>,
  { container, signal }: AskOptions,
): Promise<Answer> {
  const address = await container.address(readiness.port, { signal })
  const closed = `port ${readiness.port} never opened`
  if (!address) return { ready: false, text: closed, answered: false }
  try {
    return readiness.type === 'tcp'
      ? await askTcp(readiness.port, address, { signal })
      : await askHttp(readiness, address, { signal })
  } catch (error) {
    return { ready: false, text: closedText(closed, error), answered: false }
  }
}

function closedText(closed: string, error: unknown): string {
  const code = codeOf(error)
  return code === 'ECONNREFUSED' || code === undefined ? closed : `${closed} (${code})`
}

/** A proxy of the engine may accept and hang up when nothing listens behind it: a connection counts once it stays. */
function askTcp(port: number, address: Address, { signal }: CancelOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connectTo(address, { signal: limited(signal) })
    const opened = () => {
      resolve({ ready: true, text: `port ${port} open` })
      socket.destroy()
    }
    let timer: NodeJS.Timeout | undefined
    const settle = () => (timer = setTimeout(opened, settlingTime(address)))
    if ('through' in address) settle()
    socket
      .once('connect', settle)
      .once('data', opened)
      .once('error', reject)
      .once('close', () => {
        clearTimeout(timer)
        resolve({ ready: false, text: `port ${port} never opened`, answered: false })
      })
  })
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(patience)])
}

function askHttp(http: HttpReadiness, address: Address, { signal }: CancelOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const over = limited(signal)
    const request = get(
      {
        path: http.path,
        signal: over,
        createConnection: () => connectTo(address, { signal: over }),
        headers: { host: `localhost:${http.port}`, connection: 'close' },
      },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (text: string) => {
          if (body.length < maxBody) body += text
        })
        response.once('error', reject)
        response.once('end', () => resolve(judge(http, response.statusCode ?? 0, response.headers, body)))
      },
    )
    request.once('error', reject)
  })
}
function judge(
  { port, path, status, body, headers = {} }: HttpReadiness,
  got: number,
  gotHeaders: Readonly<Record<string, string | string[] | undefined>>,
  gotBody: string,
): Answer {
  const text = `GET :${port}${path} ${got}`
  const not = (why: string): Answer => ({ ready: false, text: `${text}, ${why}`, answered: true })
  if (status === undefined ? got < 200 || got >= 400 : got !== status) {
    return not(`expected ${status ?? '200 to 399'}`)
  }
  for (const [name, value] of Object.entries(headers)) {
    const header = String(gotHeaders[name.toLowerCase()] ?? '')
    if (!isMet(value, header)) return not(`${name}: ${header}, without ${expectationText(value)}`)
  }
  if (body !== undefined && !isMet(body, gotBody)) return not(`without ${expectationText(body)} in its body`)
  return { ready: true, text }
}
