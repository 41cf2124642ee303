/** A file system without room: nothing half-written stays, and what was there stays whole. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fromBytes } from '../../src/base/index.ts'
import { parseImageLocation, parseReference } from '../../src/oci/index.ts'
import {
  copyImage,
  type ImageReader,
  openCache,
  openReader,
  openStores,
  openWriter,
} from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { readWholly } from './complete-image.ts'
import { realImage } from './real-image.ts'

const { signal } = new AbortController()
const stores = openStores({})
const full = { code: 'STORE_DISK_FULL', hint: expect.stringContaining('free some space') }

describeWith(['tmpfs'], 'a full disk', () => {
  let disk: string
  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), 'everyarch-full-'))
    await run('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
  })
  afterAll(async () => {
    await run('umount', [disk])
    await rm(disk, { recursive: true })
  })

  async function write(image: ImageReader, place: string): Promise<void> {
    const writer = await openWriter(parseImageLocation(place), stores, { signal })
    try {
      await copyImage(image, writer, { tags: [parseReference('acme/shop:1')], signal })
    } finally {
      await writer.close()
    }
  }

  it.each(['oci', 'oci-archive', 'docker-archive'])('keeps no half of a new %s', async (transport) => {
    const image = await realImage({ sharedBytes: 3_000_000 })
    await expect(write(image, `${transport}:${disk}/image`)).rejects.toMatchObject(full)
    expect(await readdir(disk)).toEqual([])
  })

  it.each(['oci', 'oci-archive'])('leaves the %s that is there as it was', async (transport) => {
    const place = `${transport}:${disk}/image`
    await write(await realImage({ sharedBytes: 300_000 }), place)
    await expect(write(await realImage({ sharedBytes: 3_000_000 }), place)).rejects.toMatchObject(full)
    const reader = await openReader(parseImageLocation(place), stores, { signal })
    expect(await readWholly(reader)).toBe(5)
    await rm(join(disk, 'image'), { recursive: true })
    expect(await readdir(disk)).toEqual([])
  })

  it('leaves the cache whole', async () => {
    const cache = openCache(join(disk, 'cache'))
    const kept = await cache.createBlob(fromBytes(Buffer.alloc(500_000))({ signal }), { signal })
    const large = fromBytes(Buffer.alloc(3_000_000))
    await expect(cache.createBlob(large({ signal }), { signal })).rejects.toMatchObject(full)
    expect(await cache.usage({ signal })).toEqual({ blobs: 1, records: 0, bytes: 500_000 })
    expect(await cache.openBlob(kept, { signal })).toBeDefined()
    expect(await readdir(join(disk, 'cache/tmp'))).toEqual([])
  })
})
