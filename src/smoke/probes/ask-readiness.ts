/** One look at whether a service is ready. */
import { get } from 'node:http'
import { connect } from 'node:net'
import { type CancelOptions, codeOf } from '../../base/index.ts'
import { expectationText, isMet, type Readiness } from '../probe.ts'
import type { Address, Container } from '../runners/runner.ts'

export type Answer =
  | { ready: true; text: string }
  /** `answered`: something is there, and says what is not expected */
  | { ready: false; text: string; answered: boolean }

const patience = 20_000
const maxBody = 1 << 20

/** Asks once; never rejects for what the service does. */
export async function askReadiness(
  readiness: Readiness,
  container: Container,
  { signal }: CancelOptions,
): Promise<Answer> {
  if (readiness.type === 'log') {
    const line = container.log.lines.find((text) => isMet(readiness.text, text))
    return line === undefined
      ? { ready: false, text: `${expectationText(readiness.text)} was not logged`, answered: false }
      : { ready: true, text: `log ${expectationText(readiness.text)}` }
  }
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
    const socket = connect({ ...address, signal, timeout: patience })
    const opened = () => {
      resolve({ ready: true, text: `port ${port} open` })
      socket.destroy()
    }
    let timer: NodeJS.Timeout | undefined
    socket
      .once('connect', () => (timer = setTimeout(opened, 200)))
      .once('data', opened)
      .once('error', reject)
      .once('close', () => {
        clearTimeout(timer)
        resolve({ ready: false, text: `port ${port} never opened`, answered: false })
      })
      .once('timeout', () => socket.destroy())
  })
}

type Http = Extract<Readiness, { type: 'http' }>

function askHttp(http: Http, { host, port }: Address, { signal }: CancelOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host,
        port,
        path: http.path,
        signal,
        timeout: patience,
        agent: false,
        headers: { host: `localhost:${http.port}` },
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
    request.once('timeout', () => request.destroy())
    request.once('error', reject)
  })
}

function judge(
  { port, path, status, body, headers = {} }: Http,
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
    if (String(gotHeaders[name.toLowerCase()]) !== value) return not(`without the header ${name}: ${value}`)
  }
  if (body !== undefined && !isMet(body, gotBody)) return not(`without ${expectationText(body)} in its body`)
  return { ready: true, text }
}
