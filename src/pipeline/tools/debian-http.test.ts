import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { type DebianHttp, debianHttp } from './debian-http.ts'

const { signal } = new AbortController()

describe('debianHttp', () => {
  const servers: Server[] = []
  const clients: DebianHttp[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close()
    for (const server of servers.splice(0)) server.close()
  })
  async function serve(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    const server = createServer(answer)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  function client(settings: Parameters<typeof debianHttp>[0] = {}): DebianHttp {
    const made = debianHttp(settings)
    clients.push(made)
    return made
  }
  async function textOf(http: DebianHttp, url: string, headers: Record<string, string> = {}) {
    const answer = await http.get(url, { headers, signal })
    const body = answer.body ? Buffer.from(await collect(answer.body, 1000, url)).toString() : ''
    return { status: answer.status, body, etag: answer.headers.get('ETag') }
  }

  it('gives status, headers and body', async () => {
    const url = await serve((request, response) => {
      if (request.headers['if-none-match'] === '"a"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"a"' }).end(`content of ${request.url}`)
    })
    const http = client()
    expect(await textOf(http, `${url}/x%20y?z`)).toEqual({
      status: 200,
      body: 'content of /x%20y?z',
      etag: '"a"',
    })
    expect(await textOf(http, `${url}/x`, { 'if-none-match': '"a"' })).toEqual({
      status: 304,
      body: '',
      etag: null,
    })
  })

  it('follows redirects, and gives credentials to nobody else', async () => {
    const other = await serve((request, response) =>
      response.end(`${request.url}, ${request.headers.authorization ?? 'no credentials'}`),
    )
    const url = await serve((request, response) => {
      if (request.url === '/loop') return response.writeHead(302, { location: '/loop' }).end()
      return response.writeHead(302, { location: `${other}/moved` }).end()
    })
    const answer = await textOf(client(), `${url}/file`, { authorization: 'Basic c2VjcmV0' })
    expect(answer).toMatchObject({ status: 200, body: '/moved, no credentials' })
    await expect(textOf(client(), `${url}/loop`)).rejects.toThrow('Redirect loop')
  })

  it('asks the proxy', async () => {
    const proxy = await serve((request, response) => response.end(`proxied ${request.url}`))
    const answer = await textOf(client({ proxy: { http: proxy } }), 'http://mirror.test/debian')
    expect(answer.body).toBe('proxied http://mirror.test/debian')
  })

  it('fails with the reason', async () => {
    const url = await serve(() => {})
    servers[0]?.close()
    await expect(client().get(url, { headers: {}, signal })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
