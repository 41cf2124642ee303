import { randomBytes } from 'node:crypto'
import { readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, fromBytes, type Source } from '../../base/index.ts'
import { digestOf } from '../../oci/index.ts'
import { folderForTest } from '../testdata/temporary.ts'
import { type ContentCache, openCache } from './content-cache.ts'

const { signal } = new AbortController()
const bytes = randomBytes(700_000)
const identity = { digest: digestOf(bytes), size: bytes.byteLength }

async function newCache(): Promise<ContentCache> {
  return openCache(join(await folderForTest(), 'cache'))
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function pathOf(cache: ContentCache): Promise<string> {
  const [path] = await filesBelow(join(cache.folder, 'blobs'))
  return path as string
}

/** Reads a blob to its end; tells its digest, because comparing large arrays takes long. */
const read = async (source: Source | undefined) =>
  source && digestOf(await collect(source({ signal }), 1e9, 'blob'))

describe('blobs', () => {
  it('are kept by their digest', async () => {
    const cache = await newCache()
    expect(await cache.openBlob(identity, { signal })).toBeUndefined()
    expect(await cache.createBlob(fromBytes(bytes)({ signal }), { signal })).toEqual(identity)
    const source = await cache.openBlob(identity, { signal })
    expect(await read(source)).toBe(identity.digest)
    expect(await read(source)).toBe(identity.digest)
    await cache.addBlob(identity, () => expect.unreachable(), { signal })
    expect(await pathOf(cache)).toBe(
      join(cache.folder, 'blobs/sha256', identity.digest.slice(7, 9), identity.digest.slice(7)),
    )
    expect(await readdir(join(cache.folder, 'tmp'))).toEqual([])
  })

  it('are refused when they are not what they should be', async () => {
    const cache = await newCache()
    const adding = cache.addBlob({ ...identity, digest: digestOf('other') }, fromBytes(bytes), { signal })
    await expect(adding).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
    expect(await filesBelow(cache.folder)).toEqual([])
  })

  it('leave nothing behind when their content fails, or the run is aborted', async () => {
    const cache = await newCache()
    const controller = new AbortController()
    const endless = async function* () {
      for (let chunk = 0; ; chunk++) {
        if (chunk === 5) controller.abort()
        yield bytes
      }
    }
    await expect(cache.createBlob(endless(), controller)).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await filesBelow(cache.folder)).toEqual([])
  })

  it('count as absent when they are cut off', async () => {
    const cache = await newCache()
    await cache.addBlob(identity, fromBytes(bytes), { signal })
    await writeFile(await pathOf(cache), bytes.subarray(1))
    expect(await cache.openBlob(identity, { signal })).toBeUndefined()
    expect(await filesBelow(cache.folder)).toEqual([])
  })

  it('are removed when their bytes have changed', async () => {
    const cache = await newCache()
    await cache.addBlob(identity, fromBytes(bytes), { signal })
    const source = await cache.openBlob(identity, { signal })
    await writeFile(await pathOf(cache), randomBytes(bytes.byteLength))
    await expect(read(source)).rejects.toMatchObject({ code: 'CACHE_DAMAGED', retryable: true })
    expect(await cache.openBlob(identity, { signal })).toBeUndefined()
    await expect(read(source)).rejects.toMatchObject({ code: 'CACHE_DAMAGED' })
  })

  it('may be added by many at once', async () => {
    const cache = await newCache()
    const other = openCache(cache.folder)
    const adding = Array.from({ length: 20 }, (_, index) => {
      const content = fromBytes(bytes)
      const place = index % 2 ? cache : other
      return index % 3
        ? place.addBlob(identity, content, { signal })
        : place.createBlob(content({ signal }), { signal })
    })
    await Promise.all(adding)
    expect(await read(await other.openBlob(identity, { signal }))).toBe(identity.digest)
    expect(await filesBelow(cache.folder)).toHaveLength(1)
  })
})

describe('records', () => {
  it('are kept by area and key', async () => {
    const cache = await newCache()
    expect(await cache.record('layer', 'key')).toBeUndefined()
    await cache.setRecord('layer', 'key', { size: 1 })
    await cache.setRecord('layer', 'key', { size: 2 })
    expect(await openCache(cache.folder).record('layer', 'key')).toEqual({ size: 2 })
    expect(await cache.record('other', 'key')).toBeUndefined()
  })

  it('count as absent when they are damaged', async () => {
    const cache = await newCache()
    await cache.setRecord('layer', 'key', { size: 1 })
    const [path] = await filesBelow(cache.folder)
    await writeFile(path as string, '{"siz')
    expect(await cache.record('layer', 'key')).toBeUndefined()
    expect(await filesBelow(cache.folder)).toEqual([])
  })
})

describe('housekeeping', () => {
  it('removes what was not used for longest', async () => {
    const cache = await newCache()
    const sizes = [1000, 2000, 4000]
    const blobs = []
    for (const [age, size] of sizes.entries()) {
      const blob = await cache.createBlob(fromBytes(randomBytes(size))({ signal }), { signal })
      const hex = blob.digest.slice(7)
      const hoursAgo = Date.now() / 1000 - (10 + age) * 3600
      await utimes(join(cache.folder, 'blobs/sha256', hex.slice(0, 2), hex), hoursAgo, hoursAgo)
      blobs.push(blob)
    }
    expect(await cache.usage({ signal })).toEqual({ blobs: 3, records: 0, bytes: 7000 })
    const oldest = blobs[2] as (typeof blobs)[0]
    await read(await cache.openBlob(oldest, { signal }))
    expect(await cache.prune({ maxBytes: 5500, signal })).toEqual({ blobs: 2, records: 0, bytes: 5000 })
    expect(await cache.openBlob(oldest, { signal })).toBeDefined()
    expect(await cache.openBlob(blobs[1] as (typeof blobs)[0], { signal })).toBeUndefined()
    expect(await cache.prune({ maxBytes: 0, signal })).toEqual({ blobs: 0, records: 0, bytes: 0 })
  })

  it('removes temporary folders, at once its own and one day those of the dead', async () => {
    const cache = await newCache()
    let path: string
    {
      await using folder = await cache.temporaryFolder()
      path = folder.path
      await writeFile(join(path, 'x'), 'x')
    }
    expect(await readdir(join(cache.folder, 'tmp'))).toEqual([])
    const dead = join(cache.folder, 'tmp/everyarch-999999999-00')
    const young = join(cache.folder, 'tmp/everyarch-999999998-00')
    const alive = join(cache.folder, `tmp/everyarch-${process.pid}-00`)
    for (const file of [dead, young, alive]) await writeFile(file, 'x')
    const old = Date.now() / 1000 - 2 * 24 * 3600
    for (const file of [dead, alive]) await utimes(file, old, old)
    await cache.prune({ maxBytes: 1e9, signal })
    expect((await readdir(join(cache.folder, 'tmp'))).sort()).toEqual(
      [young, alive].map((file) => file.slice(cache.folder.length + 5)).sort(),
    )
  })

  it('of an absent cache finds nothing', async () => {
    const cache = await newCache()
    expect(await cache.usage({ signal })).toEqual({ blobs: 0, records: 0, bytes: 0 })
    expect(await cache.prune({ maxBytes: 0, signal })).toEqual({ blobs: 0, records: 0, bytes: 0 })
  })
})
