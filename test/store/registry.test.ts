/** The registry client against the reference implementation: open, with passwords, with tokens. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Secret } from '../../src/base/index.ts'
import { parseImageLocation, parseReference } from '../../src/oci/index.ts'
import {
  copyImage,
  openReader,
  openStores,
  openWriter,
  resolveReference,
  type Stores,
} from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { readWholly } from './complete-image.ts'
import { realImage } from './real-image.ts'
import { startTokenServer, type TokenServer } from './token-server.ts'

const { signal } = new AbortController()

/** Stores an image, stores it again, reads it, and moves it to another repository; tells how many blobs came back. */
async function roundTrip(stores: Stores, host: string): Promise<number> {
  const image = await realImage({ sharedBytes: 12_000_000 })
  const writer = await openWriter(parseImageLocation(`${host}/acme/shop:1`), stores, { signal })
  const tags = ['1', 'latest'].map((tag) => parseReference(`${host}/acme/shop:${tag}`))
  const first = await copyImage(image, writer, { tags, signal })
  expect([first.sent.blobs, first.manifests.sent]).toEqual([5, 3])
  const again = await copyImage(image, writer, { tags, signal })
  expect([again.sent.blobs, again.present.blobs, again.manifests.sent]).toEqual([0, 5, 0])
  const reader = await openReader(parseImageLocation(`${host}/acme/shop:latest`), stores, { signal })
  expect(reader.root.descriptor).toEqual(image.root.descriptor)
  expect(await reader.referrers(reader.root.descriptor.digest, { signal })).toEqual([])
  const other = await openWriter(parseImageLocation(`${host}/acme/other:1`), stores, { signal })
  const mounted = await copyImage(reader, other, { signal })
  expect([mounted.mounted.blobs, mounted.sent.blobs]).toEqual([5, 0])
  return readWholly(reader)
}

describeWith(['registry'], 'an open registry', () => {
  let registry: Registry
  const stores = openStores({})
  beforeAll(async () => {
    registry = await startRegistry()
  })
  afterAll(async () => {
    await stores.close()
    await registry.stop()
  })

  it('keeps images', async () => {
    expect(await roundTrip(stores, registry.host)).toBe(5)
  })

  it('has no tag that was not given', async () => {
    const reference = parseReference(`${registry.host}/acme/nobody:1`)
    expect(await resolveReference(reference, stores, { signal })).toBeUndefined()
    await expect(openReader({ transport: 'docker', reference }, stores, { signal })).rejects.toMatchObject({
      code: 'REGISTRY_NOT_FOUND',
    })
  })
})

describeWith(['registry'], 'a registry with passwords', () => {
  let registry: Registry
  beforeAll(async () => {
    registry = await startRegistry({ users: { jane: 'p:ässword' } })
  })
  afterAll(() => registry.stop())

  it('lets in who knows them', async () => {
    const password = new Secret('p:ässword')
    const stores = openStores({ credentials: [{ registry: registry.host, username: 'jane', password }] })
    expect(await roundTrip(stores, registry.host)).toBe(5)
    await stores.close()
  })

  it.each([[], [{ username: 'jane', password: new Secret('wrong') }]])(
    'and nobody else',
    async (...given) => {
      const stores = openStores({
        credentials: given.map((entry) => ({ registry: registry.host, ...entry })),
      })
      const writer = await openWriter(parseImageLocation(`${registry.host}/acme/shop:2`), stores, { signal })
      await expect(copyImage(await realImage(), writer, { signal })).rejects.toMatchObject({
        code: 'REGISTRY_UNAUTHORIZED',
        hint: expect.stringContaining(`docker login ${registry.host}`),
      })
      await stores.close()
    },
  )
})

describeWith(['registry', 'openssl'], 'a registry with tokens', () => {
  let tokens: TokenServer
  let registry: Registry
  beforeAll(async () => {
    tokens = await startTokenServer({ username: 'jane', password: 'x' })
    registry = await startRegistry({ auth: { token: tokens.registrySettings } })
  })
  afterAll(async () => {
    await registry.stop()
    await tokens.stop()
  })

  it('gives tokens for passwords', async () => {
    const credentials = [{ registry: registry.host, username: 'jane', password: new Secret('x') }]
    const stores = openStores({ credentials })
    expect(await roundTrip(stores, registry.host)).toBe(5)
    await stores.close()
    // push and pull to two repositories, and mounting between them
    expect(tokens.given.length).toBeLessThanOrEqual(4)
    expect(new Set(tokens.given)).toContain('repository:acme/other:pull,push repository:acme/shop:pull')
  })

  it('goes on when tokens expire in the middle', async () => {
    tokens.lifetime = 1
    const credentials = [{ registry: registry.host, username: 'jane', password: new Secret('x') }]
    const stores = openStores({ credentials })
    const place = parseImageLocation(`${registry.host}/acme/shop:1`)
    for (let round = 0; round < 3; round++) {
      const writer = await openWriter(place, stores, { signal })
      await copyImage(await realImage({ sharedBytes: 6_000_000 }), writer, { signal })
      await new Promise((resolve) => setTimeout(resolve, 1200))
    }
    expect(await readWholly(await openReader(place, stores, { signal }))).toBe(5)
    await stores.close()
    tokens.lifetime = 300
  })

  it('refuses strangers', async () => {
    const stores = openStores({})
    const opening = openReader(parseImageLocation(`${registry.host}/acme/shop:1`), stores, { signal })
    await expect(opening).rejects.toMatchObject({ code: 'REGISTRY_UNAUTHORIZED' })
    await stores.close()
  })
})
