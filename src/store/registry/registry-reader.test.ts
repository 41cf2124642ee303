import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { openCache } from '../cache/content-cache.ts'
import { copyImage } from '../copy.ts'
import { imageContent } from '../image-content.ts'
import { openReader, openWriter } from '../open.ts'
import type { ImageReader } from '../store.ts'
import { sampleImage } from '../testdata/sample-image.ts'
import { folderForTest } from '../testdata/temporary.ts'
import { openFake } from './testdata/open-fake.ts'

const { signal } = new AbortController()

async function publishedImage() {
  const open = await openFake()
  const image = sampleImage()
  const location = { transport: 'docker' as const, reference: open.reference('team/shop:1') }
  await copyImage(image, await openWriter(location, open.stores, { signal }), { signal })
  open.fake.requests.length = 0
  return { ...open, image, location }
}

async function readEverything(reader: ImageReader): Promise<number> {
  const { blobs } = await imageContent(reader, { signal })
  for (const blob of blobs) await collect(reader.blob(blob)({ signal }), 1e6, 'blob')
  return blobs.length
}

describe('a reader with a cache', () => {
  it('fetches everything once, and then only asks what the tag stands for', async () => {
    const { fake, stores, location, image } = await publishedImage()
    const cache = openCache(await folderForTest())
    expect(await readEverything(await openReader(location, stores, { cache, signal }))).toBe(7)
    expect(fake.requests.filter(({ method }) => method === 'GET')).toHaveLength(4 + 7)
    fake.requests.length = 0
    const again = await openReader(location, stores, { cache, signal })
    expect(again.root.descriptor).toEqual(image.root.descriptor)
    expect(await readEverything(again)).toBe(7)
    expect(fake.log).toEqual(['HEAD /v2/team/shop/manifests/1'])
  })

  it('needs no registry for what is named by digest', async () => {
    const { fake, stores, location, image } = await publishedImage()
    const cache = openCache(await folderForTest())
    await readEverything(await openReader(location, stores, { cache, signal }))
    const reference = { ...location.reference, digest: image.root.descriptor.digest }
    await fake.close()
    const pinned = await openReader({ transport: 'docker', reference }, stores, { cache, signal })
    expect(await readEverything(pinned)).toBe(7)
  })

  it('sees that the tag has moved', async () => {
    const { stores, location } = await publishedImage()
    const cache = openCache(await folderForTest())
    await openReader(location, stores, { cache, signal })
    const next = sampleImage({ salt: 'next' })
    await copyImage(next, await openWriter(location, stores, { signal }), { signal })
    const reader = await openReader(location, stores, { cache, signal })
    expect(reader.root.descriptor).toEqual(next.root.descriptor)
  })

  it('fetches again what is damaged', async () => {
    const { stores, location } = await publishedImage()
    const folder = await folderForTest()
    const cache = openCache(folder)
    await readEverything(await openReader(location, stores, { cache, signal }))
    const entries = await readdir(join(folder, 'blobs'), { recursive: true, withFileTypes: true })
    for (const entry of entries)
      if (entry.isFile()) await writeFile(join(entry.parentPath, entry.name), 'cut off')
    expect(await readEverything(await openReader(location, stores, { cache, signal }))).toBe(7)
  })
})

describe('a reader', () => {
  it('waits for a manifest that the registry does not show yet', async () => {
    const { fake, stores, location, image } = await publishedImage()
    const reference = { ...location.reference, digest: image.root.descriptor.digest }
    let hidden = 2
    fake.fault = (_request, _message, response) => {
      if (hidden-- <= 0) return false
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
      return true
    }
    const reader = await openReader({ transport: 'docker', reference }, stores, { signal })
    expect(reader.root.descriptor).toEqual(image.root.descriptor)
    expect(reader.reference?.digest).toBe(image.root.descriptor.digest)
  })
})
