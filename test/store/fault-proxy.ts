/** Stands between a client and a registry, and spoils one request after the other, in the ways in which networks do. */
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type FaultKind =
  /** the connection breaks before the registry hears of the request */
  | 'drop'
  /** the registry hears half of the request's body, or all of it where there is none; then the connection breaks */
  | 'drop-midway'
  /** the registry did its part, but the client never hears of it */
  | 'drop-answer'
  /** half of the answer's body, then the connection breaks */
  | 'truncate'
  | 'delay'
  | 'unauthorized'
  | 'too-many-requests'
  | 'server-error'
  /** an answer that is no registry's: a page of a proxy */
  | 'garbage'
  /** one byte of what is sent, or else of what is answered, is another */
  | 'corrupt'

export const faultKinds: readonly FaultKind[] = [
  'drop',
  'drop-midway',
  'drop-answer',
  'truncate',
  'delay',
  'unauthorized',
  'too-many-requests',
  'server-error',
  'garbage',
  'corrupt',
]

export interface FaultProxy {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** requests that arrived since the last `expectFaults` */
  readonly seen: number
  /** From now on `kind` befalls the requests for which `when` is true; their numbers count from 1. */
  expectFaults(kind: FaultKind, when: (number: number) => boolean): void
  stop(): Promise<void>
}

export async function startFaultProxy(registry: string): Promise<FaultProxy> {
  let seen = 0
  let faulty: { kind: FaultKind; when: (number: number) => boolean } = { kind: 'drop', when: () => false }
  const server = createServer((message, response) => {
    const kind = faulty.when(++seen) ? faulty.kind : undefined
    handle(registry, message, response, kind).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get seen() {
      return seen
    },
    expectFaults(kind, when) {
      seen = 0
      faulty = { kind, when }
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function handle(
  registry: string,
  message: IncomingMessage,
  response: ServerResponse,
  kind: FaultKind | undefined,
): Promise<void> {
  if (kind === 'drop') return void response.destroy()
  if (kind === 'unauthorized') return refuse(response, 401, { 'www-authenticate': 'Basic realm="proxy"' })
  if (kind === 'too-many-requests') return refuse(response, 429, { 'retry-after': '0' })
  if (kind === 'server-error') return refuse(response, 500, {})
  if (kind === 'garbage') return void response.end('<html>Welcome to this hotel</html>')
  if (kind === 'delay') await new Promise((resolve) => setTimeout(resolve, 30))
  const [host, port] = registry.split(':')
  // The Host header stays: a registry names its own places with it, and they must lead back here.
  const forwarded = send({ host, port, method: message.method, path: message.url, headers: message.headers })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    forwarded.on('response', resolve).on('error', reject)
  })
  answered.catch(() => {})
  const length = Number(message.headers['content-length'] ?? 0)
  let sent = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    if (kind === 'corrupt' && sent === 0) chunk[0] = (chunk[0] ?? 0) ^ 1
    sent += chunk.byteLength
    if (!forwarded.write(chunk)) await new Promise((resolve) => forwarded.once('drain', resolve))
    if (kind === 'drop-midway' && sent >= length / 2) break
  }
  if (kind === 'drop-midway') {
    // What was written reaches the registry before the end of the connection does.
    await new Promise((resolve) => setTimeout(resolve, 5))
    forwarded.destroy()
    return void response.destroy()
  }
  forwarded.end()
  await passOn(await answered, response, kind === 'corrupt' && sent > 0 ? undefined : kind)
}

async function passOn(
  answer: IncomingMessage,
  response: ServerResponse,
  kind: FaultKind | undefined,
): Promise<void> {
  if (kind === 'drop-answer') {
    answer.resume()
    return void response.destroy()
  }
  response.writeHead(answer.statusCode ?? 500, answer.headers)
  const length = Number(answer.headers['content-length'] ?? 0)
  let passed = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (kind === 'corrupt' && passed === 0) chunk[0] = (chunk[0] ?? 0) ^ 1
    if (kind === 'truncate' && passed + chunk.byteLength > length / 2) {
      response.write(chunk.subarray(0, Math.max(0, Math.floor(length / 2) - passed)), () =>
        response.destroy(),
      )
      return
    }
    passed += chunk.byteLength
    response.write(chunk)
  }
  if (kind === 'truncate') response.destroy()
  else response.end()
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string>): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' })
  response.end('{"errors":[{"code":"UNKNOWN","message":"injected"}]}')
}
