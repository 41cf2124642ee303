/** A registry on the loopback interface that does what a test tells it to. */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

export interface LoopbackRegistry extends AsyncDisposable {
  url: string
  /** paths that were asked for, in order */
  requests: string[]
  /** `authorization` headers, in order */
  tokens: (string | undefined)[]
  /** path → what is answered; anything else is 404 */
  answers: Map<string, Answer>
}

export async function loopbackRegistry(tls?: { key: string; cert: string }): Promise<LoopbackRegistry> {
  const requests: string[] = []
  const tokens: (string | undefined)[] = []
  const answers = new Map<string, Answer>()
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(request.url ?? '')
    requests.push(path)
    tokens.push(request.headers.authorization)
    const answer = answers.get(path) ?? status(404)
    answer(request, response)
  }
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    tokens,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => void response.writeHead(code, headers).end('{}')
}

export function bytes(content: Uint8Array): Answer {
  return (_, response) => void response.writeHead(200, { 'content-length': content.byteLength }).end(content)
}

export function json(value: unknown): Answer {
  return bytes(Buffer.from(JSON.stringify(value)))
}

/** Announces all and sends half. */
export function cutOff(content: Uint8Array): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': content.byteLength })
    response.write(content.subarray(0, content.byteLength / 2), () => response.destroy())
  }
}

/** One answer after the other; the last one stays. */
export function inTurn(...list: Answer[]): Answer {
  return (request, response) => (list.length > 1 ? list.shift() : list[0])?.(request, response)
}

/** A package of one file beside its package.json, and the hashes that a lock would have of it. */
export function tarballOf(
  name: string,
  version: string,
  text: string,
): { content: Uint8Array; integrity: string; sha1: string } {
  const files = [
    ['package/package.json', JSON.stringify({ name, version })],
    ['package/index.js', text],
  ]
  const blocks = files.flatMap(([path, body]) => [
    header(path as string, Buffer.byteLength(body as string)),
    padded(body as string),
  ])
  const content = gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
  const sri = (algorithm: string) => `${algorithm}-${createHash(algorithm).update(content).digest('base64')}`
  return { content, integrity: sri('sha512'), sha1: sri('sha1') }
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(512)
  block.write(path, 0)
  block.write('0000644\0', 100)
  block.write('0000000\0', 108)
  block.write('0000000\0', 116)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('00000000000\0', 136)
  block.write('        0', 148)
  block.write('ustar\u000000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function padded(text: string): Buffer {
  const block = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512)
  block.write(text)
  return block
}
