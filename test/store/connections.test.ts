/** The way to a registry: proxies, certificate authorities, client certificates, registries without or with TLS. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseReference } from '../../src/oci/index.ts'
import { openStores, resolveReference, type StoreSettings } from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'

const { signal } = new AbortController()
const retry = { attempts: 1, first: 1, longest: 1 }
const digest = `sha256:${'ab'.repeat(32)}`

describeWith(['openssl'], 'connections', () => {
  let folder: string
  const servers: Server[] = []
  /** hosts that the proxy was asked for */
  const asked: string[] = []
  /** whether the client showed its certificate, one for each request */
  const shown: boolean[] = []
  let proxy: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-tls-'))
    const subject = ['-subj', '/CN=registry.test', '-addext', 'subjectAltName=DNS:registry.test,IP:127.0.0.1']
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'client.key')]
    await run('openssl', ['req', '-x509', ...key, '-out', join(folder, 'ca.crt'), '-days', '2', ...subject])
    const [keyText, certificate] = await Promise.all(
      ['client.key', 'ca.crt'].map((name) => readFile(join(folder, name))),
    )
    const tls = {
      key: keyText,
      cert: certificate,
      ca: certificate,
      requestCert: true,
      rejectUnauthorized: false,
    }
    const registry = createHttpsServer(tls, (request, response) => {
      shown.push((request.socket as { authorized?: boolean }).authorized === true)
      response.writeHead(200, { 'docker-content-digest': digest, 'content-length': 10 }).end()
    })
    const plain = createHttpServer((_request, response) => {
      response.writeHead(200, { 'docker-content-digest': digest, 'content-length': 10 }).end()
    })
    const ports = { secure: await listen(registry), plain: await listen(plain) }
    // Plain HTTP comes as a request for a whole address, not as a tunnel: many proxies refuse tunnels to other ports than 443.
    const answerPlain = (request: IncomingMessage, response: ServerResponse) => {
      asked.push(request.url ?? '')
      response.writeHead(200, { 'docker-content-digest': digest, 'content-length': 10 }).end()
    }
    const tunnel = createHttpServer(answerPlain).on('connect', (request, socket) => {
      asked.push(request.url ?? '')
      const target = connect(request.url?.startsWith('plain') ? ports.plain : ports.secure, '127.0.0.1')
      target.on('error', () => socket.destroy())
      socket.on('error', () => target.destroy())
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    proxy = `http://127.0.0.1:${await listen(tunnel)}`
  })
  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    await rm(folder, { recursive: true })
  })

  async function listen(server: Server): Promise<number> {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  async function resolve(reference: string, settings: StoreSettings) {
    const stores = openStores({ retry, ...settings })
    try {
      return (await resolveReference(parseReference(reference), stores, { signal }))?.digest
    } finally {
      await stores.close()
    }
  }

  it('go through the proxy to a registry with a certificate of a known authority', async () => {
    const settings = { proxy: { https: proxy }, caFiles: [join(folder, 'ca.crt')] }
    expect(await resolve('registry.test/shop:1', settings)).toBe(digest)
    expect(asked.at(-1)).toBe('registry.test:443')
    expect(shown.at(-1)).toBe(false)
  })

  it('use what certs.d has for the registry, and for no other', async () => {
    const certificates = join(folder, 'certs.d')
    await mkdir(join(certificates, 'registry.test:8443'), { recursive: true })
    for (const [from, to] of [
      ['ca.crt', 'ca.crt'],
      ['ca.crt', 'client.cert'],
      ['client.key', 'client.key'],
    ]) {
      await run('cp', [join(folder, from as string), join(certificates, 'registry.test:8443', to as string)])
    }
    const settings = { proxy: { https: proxy }, certificateFolders: ['/nonexistent', certificates] }
    expect(await resolve('registry.test:8443/shop:1', settings)).toBe(digest)
    expect(shown.at(-1)).toBe(true)
    await expect(resolve('registry.test:9443/shop:1', settings)).rejects.toMatchObject({
      code: 'REGISTRY_TLS',
    })
  })

  it('say what is wrong with a certificate, and with a registry that speaks no TLS', async () => {
    await expect(resolve('registry.test/shop:1', { proxy: { https: proxy } })).rejects.toMatchObject({
      code: 'REGISTRY_TLS',
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
    await expect(resolve('plain.test/shop:1', { proxy: { https: proxy } })).rejects.toMatchObject({
      code: 'REGISTRY_TLS',
      message: 'no secure connection to plain.test: it does not speak TLS',
      hint: expect.stringContaining('insecure'),
    })
    const insecureRegistries = ['plain.test']
    expect(await resolve('plain.test/shop:1', { proxy: { http: proxy }, insecureRegistries })).toBe(digest)
  })

  it('avoid the proxy where they should', async () => {
    const before = asked.length
    const settings = { proxy: { https: proxy, no: 'registry.test' }, caFiles: [join(folder, 'ca.crt')] }
    await expect(resolve('registry.test/shop:1', settings)).rejects.toMatchObject({
      code: 'REGISTRY_UNREACHABLE',
    })
    const loopback = createHttpServer((_request, response) => response.writeHead(404).end())
    expect(
      await resolve(`127.0.0.1:${await listen(loopback)}/shop:1`, { proxy: { http: proxy } }),
    ).toBeUndefined()
    expect(asked).toHaveLength(before)
  })

  it('turn to TLS where a loopback registry wants it', async () => {
    const [key, cert] = await Promise.all(
      ['client.key', 'ca.crt'].map((name) => readFile(join(folder, name))),
    )
    const registry = createHttpsServer({ key, cert }, (_request, response) => {
      response.writeHead(200, { 'docker-content-digest': digest, 'content-length': 10 }).end()
    })
    const secure = await listen(registry)
    // As Go's servers do: the first byte of a handshake is 22.
    const front = createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (start) => {
          if (start[0] !== 22) {
            socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n')
            return
          }
          const target = connect(secure, '127.0.0.1').on('error', () => socket.destroy())
          target.write(start)
          target.pipe(socket).pipe(target)
        })
    })
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
    const { port } = front.address() as AddressInfo
    const stores = openStores({ retry, caFiles: [join(folder, 'ca.crt')] })
    expect(
      (await resolveReference(parseReference(`127.0.0.1:${port}/shop:1`), stores, { signal }))?.digest,
    ).toBe(digest)
    await stores.close()
    front.close()
  })
})
