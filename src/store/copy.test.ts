import { describe, expect, it } from 'vitest'
import type { ProgressEvent } from '../base/index.ts'
import type { ImageLocation } from '../oci/index.ts'
import { copyImage, putImage } from './copy.ts'
import { openReader, openWriter } from './open.ts'
import { type OpenFake, openFake } from './registry/testdata/open-fake.ts'
import { sampleImage } from './testdata/sample-image.ts'

const { signal } = new AbortController()

function at(open: OpenFake, text: string): ImageLocation {
  return { transport: 'docker', reference: open.reference(text) }
}

describe('copyImage', () => {
  it('stores everything, names last, and reads back the same', async () => {
    const open = await openFake()
    const image = sampleImage()
    const writer = await openWriter(at(open, 'team/shop:1'), open.stores, { signal })
    const tags = [open.reference('team/shop:1'), open.reference('team/shop:latest')]
    const result = await copyImage(image, writer, { tags, signal })
    expect(result).toMatchObject({
      sent: { blobs: 7 },
      mounted: { blobs: 0, bytes: 0 },
      present: { blobs: 0 },
      manifests: { sent: 4, present: 0 },
    })
    expect([...open.fake.tags.keys()]).toEqual(['team/shop:1', 'team/shop:latest'])
    expect(open.fake.violations).toEqual([])
    const { log } = open.fake
    const puts = log.filter((line) => line.startsWith('PUT /v2/team/shop/manifests/'))
    expect(puts.slice(-3)).toEqual([
      `PUT /v2/team/shop/manifests/${image.root.descriptor.digest}`,
      'PUT /v2/team/shop/manifests/1',
      'PUT /v2/team/shop/manifests/latest',
    ])
    const lastBlob = log.findLastIndex((line) => line.includes('/blobs/'))
    expect(lastBlob).toBeLessThan(log.indexOf(puts[0] as string))
    const back = await openReader(at(open, 'team/shop:latest'), open.stores, { signal })
    expect(back.root.bytes).toEqual(image.root.bytes)
    expect(back.reference?.digest).toBe(image.root.descriptor.digest)
  })

  it('asks, and sends nothing, when everything is there', async () => {
    const open = await openFake()
    const image = sampleImage({ opened: () => opened++ })
    let opened = 0
    const writer = await openWriter(at(open, 'shop:1'), open.stores, { signal })
    await copyImage(image, writer, { signal })
    opened = 0
    open.fake.requests.length = 0
    const again = await copyImage(image, writer, { signal })
    expect(again).toMatchObject({
      sent: { blobs: 0 },
      present: { blobs: 7 },
      manifests: { sent: 0, present: 4 },
    })
    expect(new Set(open.fake.requests.map(({ method }) => method))).toEqual(new Set(['HEAD']))
    expect(open.fake.requests).toHaveLength(7 + 4 + 1)
    expect(opened).toBe(0)
  })

  it('mounts what the registry has in the repository that the image comes from', async () => {
    const open = await openFake()
    const first = await openWriter(at(open, 'staging/shop:1'), open.stores, { signal })
    await copyImage(sampleImage(), first, { signal })
    const reader = await openReader(at(open, 'staging/shop:1'), open.stores, { signal })
    const second = await openWriter(at(open, 'production/shop:1'), open.stores, { signal })
    expect(await copyImage(reader, second, { signal })).toMatchObject({
      sent: { blobs: 0 },
      mounted: { blobs: 7 },
    })
    expect(open.fake.tags.get('production/shop:1')).toBe(reader.root.descriptor.digest)
  })

  it('moves no tag when anything fails, and completes the second time', async () => {
    const image = sampleImage({ sharedBytes: 5_000_000 })
    const impatient = { retry: { attempts: 1, first: 1, longest: 1 } }
    const completes = async (failAt: number) => {
      const open = await openFake({}, impatient)
      const writer = await openWriter(at(open, 'shop:1'), open.stores, { signal })
      let seen = 0
      open.fake.fault = (_request, message) => ++seen === failAt && message.socket.destroy() !== undefined
      const done = await copyImage(image, writer, { signal }).then(
        () => true,
        () => false,
      )
      if (!done) {
        expect(open.fake.tags.size).toBe(0)
        await copyImage(image, writer, { signal })
      }
      expect(open.fake.tags.get('shop:1')).toBe(image.root.descriptor.digest)
      expect(open.fake.violations).toEqual([])
      return done
    }
    let failAt = 1
    while (!(await completes(failAt))) failAt++
    // 11 questions, 7 blobs of at least 2 requests, 4 manifests, the tag asked for and moved
    expect(failAt).toBeGreaterThan(11 + 14 + 4 + 2)
  })

  it('waits for a registry that does not see at once what was stored', async () => {
    const open = await openFake({ lag: 3 })
    const writer = await openWriter(at(open, 'shop:1'), open.stores, { signal })
    await copyImage(sampleImage(), writer, { signal })
    expect(open.fake.tags.size).toBe(1)
  })

  it('reports the bytes of what is sent', async () => {
    const open = await openFake()
    const image = sampleImage({ sharedBytes: 6_000_000 })
    const writer = await openWriter(at(open, 'shop:1'), open.stores, { signal })
    const events: ProgressEvent[] = []
    const { sent } = await putImage(image, writer, { progress: (event) => events.push(event), signal })
    expect(events[0]).toMatchObject({ type: 'start', station: 'push', total: sent.bytes, unit: 'bytes' })
    const done = events.flatMap((event) => (event.type === 'advance' ? [event.done] : []))
    expect(done.length).toBeGreaterThan(20)
    expect(Math.max(...done)).toBe(sent.bytes)
    expect(done.at(-1)).toBe(sent.bytes)
    expect(events.at(-1)?.type).toBe('end')
    expect(open.fake.tags.size).toBe(0)
  })

  it('stops what is under way when one part fails', async () => {
    const open = await openFake()
    const image = sampleImage({ sharedBytes: 30_000_000 })
    open.fake.fault = ({ method }, message, response) => {
      if (method === 'PATCH') return message.resume() !== undefined // never answered
      if (method !== 'PUT') return false
      response.writeHead(403).end('{"errors":[{"code":"DENIED"}]}')
      return true
    }
    const writer = await openWriter(at(open, 'shop:1'), open.stores, { signal })
    await expect(copyImage(image, writer, { signal })).rejects.toMatchObject({ code: 'REGISTRY_DENIED' })
  })
})
