import { setMaxListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Secret } from '../../base/index.ts'
import { openReader, resolveReference } from '../open.ts'
import { openStores } from '../stores.ts'
import { RegistryError } from './registry-error.ts'
import { openFake } from './testdata/open-fake.ts'

const { signal } = new AbortController()
const auth = { scheme: 'bearer', username: 'jane', password: 'p:ä', identityToken: 'identity' } as const
const credentials = [{ registry: '', username: 'jane', password: new Secret('p:ä') }]

async function failureOf(promise: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(RegistryError)
  return error as RegistryError
}

const emptyIndex = Buffer.from('{"schemaVersion":2,"manifests":[]}')
const indexType = 'application/vnd.oci.image.index.v1+json'

describe('authorization', () => {
  it('gets a token for the scope when the registry asks for one, once', async () => {
    const { fake, stores, reference } = await openFake({ auth }, { credentials })
    fake.putManifest('team/shop', indexType, emptyIndex, '1')
    await openReader({ transport: 'docker', reference: reference('team/shop:1') }, stores, { signal })
    await openReader({ transport: 'docker', reference: reference('team/shop:1') }, stores, { signal })
    expect(fake.log).toEqual([
      'GET /v2/team/shop/manifests/1',
      'GET /token',
      'GET /v2/team/shop/manifests/1',
      'GET /v2/team/shop/manifests/1',
    ])
    const [scopes] = fake.tokens.values()
    expect([...(scopes ?? [])]).toEqual(['repository:team/shop:pull'])
  })

  it('asks once for many requests that begin together', async () => {
    const { fake, repository } = await openFake({ auth }, { credentials })
    const place = repository('team/shop')
    setMaxListeners(0, signal)
    await Promise.all(Array.from({ length: 20 }, () => place.headManifest('1', { signal })))
    expect(fake.log.filter((line) => line === 'GET /token')).toHaveLength(1)
    expect(fake.requests.filter(({ headers }) => headers.authorization === undefined)).toHaveLength(1)
  })

  it('replaces a token that the registry no longer accepts', async () => {
    const { fake, repository } = await openFake({ auth }, { credentials })
    const place = repository('team/shop')
    await place.headManifest('1', { signal })
    fake.tokens.clear()
    expect(await place.headManifest('1', { signal })).toBeUndefined()
  })

  it('exchanges an identity token', async () => {
    const { fake, repository, stores } = await openFake({ auth })
    expect(stores.settings.credentials).toEqual([])
    const { Authorizer } = await import('./authorizer.ts')
    const connections = new (await import('./http-connections.ts')).HttpConnections({})
    onTestFinished(() => connections.close())
    const authorizer = new Authorizer({
      registry: fake.host,
      origin: new URL(fake.origin),
      credentials: async () => ({ kind: 'identity', token: new Secret('identity') }),
      send: (request, options) => connections.exchange(request, options),
    })
    const scope = repository('team/shop').scope
    const refused = await connections.exchange(
      {
        method: 'GET',
        url: new URL(`${fake.origin}/v2/team/shop/manifests/1`),
        headers: { accept: indexType },
        timeout: 1000,
      },
      { signal },
    )
    expect(authorizer.learn(refused, undefined, [scope])).toBe(true)
    await refused.discard()
    expect(await authorizer.header([scope], { signal })).toMatch(/^Bearer token-/)
  })

  it('uses Basic where that is what the registry asks for', async () => {
    const { fake, repository } = await openFake({ auth: { ...auth, scheme: 'basic' } }, { credentials })
    await repository('team/shop').headManifest('1', { signal })
    await repository('team/shop').headManifest('1', { signal })
    expect(fake.requests.map(({ headers }) => headers.authorization !== undefined)).toEqual([
      false,
      true,
      true,
    ])
  })

  it.each(['basic', 'bearer'] as const)('says what to do without credentials (%s)', async (scheme) => {
    const { fake, repository } = await openFake({ auth: { ...auth, scheme } })
    const error = await failureOf(repository('team/shop').headManifest('1', { signal }))
    expect(error.code).toBe('REGISTRY_UNAUTHORIZED')
    expect(error.hint).toContain(`docker login ${fake.host}`)
    expect(error.status).toBe(401)
    expect(error.exchange?.requestId).toMatch(/^request-/)
  })

  it('says that stored credentials were refused, and shows none of them', async () => {
    const wrong = [{ registry: '', username: 'jane', password: new Secret('letmein') }]
    const { repository } = await openFake({ auth }, { credentials: wrong })
    const error = await failureOf(repository('team/shop').headManifest('1', { signal }))
    expect(error.hint).toContain('were refused')
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('letmein')
  })

  it('sends no credentials to a token server that gives up TLS', async () => {
    const { Authorizer } = await import('./authorizer.ts')
    const authorizer = new Authorizer({
      registry: 'registry.example',
      origin: new URL('https://registry.example/'),
      credentials: async () => ({ kind: 'password', username: 'jane', password: new Secret('x') }),
      send: () => expect.unreachable(),
    })
    const answer = {
      method: 'GET' as const,
      url: new URL('https://registry.example/v2/'),
      status: 401,
      header: () => 'Bearer realm="http://169.254.169.254/latest",service="x"',
      body: () => expect.unreachable(),
      discard: async () => {},
    }
    const scopes = [{ repository: 'a', actions: 'pull' as const }]
    authorizer.learn(answer, undefined, scopes)
    expect((await failureOf(authorizer.header(scopes, { signal }))).code).toBe('REGISTRY_PROTOCOL')
  })
})

describe('retries', () => {
  it.each([408, 429, 500, 502, 503, 504])('asks again after %i', async (status) => {
    const { fake, repository } = await openFake()
    fake.putManifest('shop', indexType, emptyIndex, '1')
    let faults = 0
    fake.fault = (_request, _message, response) => {
      if (faults++ >= 2) return false
      response.writeHead(status, { 'retry-after': '0' }).end('busy')
      return true
    }
    expect(await repository('shop').headManifest('1', { signal })).toBeDefined()
    expect(fake.requests).toHaveLength(3)
  })

  it('asks again after a dropped connection', async () => {
    const { fake, repository } = await openFake()
    fake.putManifest('shop', indexType, emptyIndex, '1')
    fake.fault = (_request, message) => fake.requests.length < 3 && message.socket.destroy() !== undefined
    expect(await repository('shop').getManifest('1', { signal })).toBeDefined()
  })

  it('gives up in the end, and tells what the registry said', async () => {
    const { fake, repository } = await openFake()
    fake.fault = (_request, _message, response) => {
      response.writeHead(503, { 'content-type': 'text/html' })
      response.end(`<html><style>p{}</style><h1>Service\u0007 Unavailable</h1>${'x'.repeat(300_000)}</html>`)
      return true
    }
    const error = await failureOf(repository('shop').getManifest('1', { signal }))
    expect(error.code).toBe('REGISTRY_UNAVAILABLE')
    expect(error.message).toContain('answered 503 (Service Unavailable')
    expect(error.message.length).toBeLessThan(400)
    expect(fake.requests).toHaveLength(4)
  })

  it('does not wait for hours', async () => {
    const { fake, repository } = await openFake()
    fake.fault = (_request, _message, response) => {
      response.writeHead(429, { 'retry-after': '21600' }).end('{"errors":[{"code":"TOOMANYREQUESTS"}]}')
      return true
    }
    const error = await failureOf(repository('shop').getManifest('1', { signal }))
    expect([error.code, error.retryable, error.exchange?.retryAfter]).toEqual([
      'REGISTRY_RATE_LIMITED',
      false,
      21_600_000,
    ])
    expect(fake.requests).toHaveLength(1)
  })

  it('stops waiting when it is aborted', async () => {
    const { fake, repository } = await openFake(
      {},
      { retry: { attempts: 9, first: 60_000, longest: 60_000 } },
    )
    const controller = new AbortController()
    fake.fault = (_request, _message, response) => {
      response.writeHead(503).end()
      setTimeout(() => controller.abort(), 20)
      return true
    }
    await expect(repository('shop').getManifest('1', controller)).rejects.toMatchObject({
      code: 'INTERRUPTED',
    })
  })

  it('does not ask again for what will not change', async () => {
    const { fake, repository } = await openFake()
    fake.fault = (_request, _message, response) => {
      response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"requested access is denied"}]}')
      return true
    }
    const error = await failureOf(repository('shop').getManifest('1', { signal }))
    expect(error.code).toBe('REGISTRY_DENIED')
    expect(error.message).toContain('requested access is denied')
    expect(fake.requests).toHaveLength(1)
  })
})

describe('redirects', () => {
  it('follows to another origin without credentials', async () => {
    const { createHash } = await import('node:crypto')
    const bytes = Buffer.from('layer')
    const seen: (string | undefined)[] = []
    const storage = createServer((message, response) => {
      seen.push(message.headers.authorization, message.url)
      response.end(bytes)
    })
    await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void storage.close())
    const blobsAt = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`
    const { fake, repository } = await openFake({ auth, blobsAt }, { credentials })
    const digest = fake.putBlob('shop', bytes)
    const { downloadBlob } = await import('./download-blob.ts')
    const descriptor = { mediaType: 'x', digest: digest as never, size: 5 }
    const chunks = []
    for await (const chunk of downloadBlob(repository('shop'), descriptor)({ signal })) chunks.push(chunk)
    expect(createHash('sha256').update(Buffer.concat(chunks)).digest('hex')).toBe(digest.slice(7))
    expect(seen).toEqual([undefined, `/${digest}?signature=a%20b+c`])
  })

  it('does not follow in circles', async () => {
    const { fake, repository } = await openFake()
    fake.fault = (request, _message, response) => {
      response.writeHead(307, { location: request.url }).end()
      return true
    }
    expect((await failureOf(repository('shop').getManifest('1', { signal }))).code).toBe('REGISTRY_PROTOCOL')
    expect(fake.requests.length).toBeLessThan(10)
  })
})

describe('answers that are not as they should be', () => {
  it('checks a manifest against the digest that was asked for', async () => {
    const { fake, repository } = await openFake()
    const digest = fake.putManifest('shop', indexType, emptyIndex)
    fake.manifests.set(`shop@${digest}`, { mediaType: indexType, bytes: Buffer.from('{"manifests":[ ]}') })
    expect((await failureOf(repository('shop').getManifest(digest, { signal }))).code).toBe(
      'REGISTRY_PROTOCOL',
    )
  })

  it('does without the digest header', async () => {
    const { fake, repository, reference, stores } = await openFake({ noDigestHeader: true })
    const digest = fake.putManifest('shop', indexType, emptyIndex, '1')
    expect((await repository('shop').headManifest('1', { signal }))?.digest).toBe(digest)
    expect((await resolveReference(reference('shop:1'), stores, { signal }))?.digest).toBe(digest)
  })

  it('names what is not there', async () => {
    const { fake, stores, reference } = await openFake()
    const location = { transport: 'docker' as const, reference: reference('team/shop:nope') }
    const error = await failureOf(openReader(location, stores, { signal }))
    expect(error.code).toBe('REGISTRY_NOT_FOUND')
    expect(error.message).toBe(`there is no ${fake.host}/team/shop:nope`)
    expect(await resolveReference(location.reference, stores, { signal })).toBeUndefined()
  })

  it('refuses what is no HTTP, and says who does not answer', async () => {
    const { createServer: createTcpServer } = await import('node:net')
    const garbage = createTcpServer((socket) =>
      socket
        .on('error', () => {})
        .resume()
        .end('220 ready\r\n'),
    )
    await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve))
    const { port } = garbage.address() as AddressInfo
    const stores = openStores({ retry: { attempts: 2, first: 1, longest: 1 } })
    onTestFinished(() => stores.close())
    const reference = { registry: `127.0.0.1:${port}`, repository: 'shop', tag: '1' }
    expect((await failureOf(resolveReference(reference, stores, { signal }))).code).toBe('REGISTRY_PROTOCOL')
    await new Promise((resolve) => garbage.close(resolve))
    const refused = await failureOf(resolveReference(reference, stores, { signal }))
    expect([refused.code, refused.retryable]).toEqual(['REGISTRY_UNREACHABLE', true])
    expect(refused.message).toContain(`127.0.0.1:${port}`)
  })
})
