/**
 * Publishing through a network that fails at every request in turn, to a real registry: whatever happens, the tag points at
 * the image that it pointed at before, or at the whole new one; and a second run completes.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseReference } from '../../src/oci/index.ts'
import {
  copyImage,
  type ImageReader,
  openReader,
  openStores,
  openWriter,
  type Stores,
} from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { readWholly } from './complete-image.ts'
import { type FaultKind, type FaultProxy, faultKinds, startFaultProxy } from './fault-proxy.ts'
import { sampleImage } from '../../src/store/testdata/sample-image.ts'

const { signal } = new AbortController()
/** more than what is sent in one request */
const sharedBytes = 4_300_000
/** of a sample image, each once */
const blobs = 7
const retry = { attempts: 3, first: 1, longest: 4 }

describeWith(['registry'], 'a network that fails', () => {
  let registry: Registry
  let proxy: FaultProxy
  /** directly to the registry: what users of the tag see */
  const outside = openStores({ retry })
  const stores: Stores[] = []
  beforeAll(async () => {
    registry = await startRegistry()
    proxy = await startFaultProxy(registry.host)
  })
  afterAll(async () => {
    await Promise.all([outside, ...stores].map((opened) => opened.close()))
    await proxy.stop()
    await registry.stop()
  })

  async function publish(image: ImageReader, repository: string): Promise<boolean> {
    // Each run has connections of its own, as each start of the program has.
    const inside = openStores({ retry })
    stores.push(inside)
    const reference = parseReference(`${proxy.host}/${repository}:latest`)
    const writer = await openWriter({ transport: 'docker', reference }, inside, { signal })
    try {
      await copyImage(image, writer, { signal })
      return true
    } catch (error) {
      expect(error).toHaveProperty('code')
      return false
    } finally {
      await inside.close()
    }
  }

  function published(repository: string): Promise<ImageReader> {
    const reference = parseReference(`${registry.host}/${repository}:latest`)
    return openReader({ transport: 'docker', reference }, outside, { signal })
  }

  /** Gives the repository an image with the tag, and tells how many requests it takes to replace it. */
  async function prepare(repository: string): Promise<number> {
    await publish(sampleImage(), repository)
    proxy.expectFaults('drop', () => false)
    await publish(sampleImage({ sharedBytes }), repository)
    return proxy.seen
  }

  /** One faulty run and, if that failed, a sound one. Tells whether the faulty one did it. */
  async function attempt(kind: FaultKind, when: (number: number) => boolean, repository: string) {
    const before = (await published(repository)).root.descriptor.digest
    const image = sampleImage({ sharedBytes })
    const after = image.root.descriptor.digest
    proxy.expectFaults(kind, when)
    const done = await publish(image, repository)
    const current = await published(repository)
    if (done) expect(current.root.descriptor.digest).toBe(after)
    else expect([before, after]).toContain(current.root.descriptor.digest)
    if (current.root.descriptor.digest === after) expect(await readWholly(current)).toBe(blobs)
    if (done) return true
    proxy.expectFaults(kind, () => false)
    expect(await publish(image, repository)).toBe(true)
    const final = await published(repository)
    expect(final.root.descriptor.digest).toBe(after)
    expect(await readWholly(final)).toBe(blobs)
    return false
  }

  it.each(faultKinds)('once, at every request in turn: %s', async (kind) => {
    const repository = `once/${kind}`
    const requests = await prepare(repository)
    expect(requests).toBeGreaterThan(20)
    let failed = 0
    for (let number = 1; number <= requests; number++) {
      if (!(await attempt(kind, (seen) => seen === number, repository))) failed++
    }
    // What is only a hiccup is no reason to fail.
    if (isHiccup(kind)) expect(failed).toBe(0)
  })

  it.each(faultKinds)('for good, from one request on: %s', async (kind) => {
    const repository = `for-good/${kind}`
    const requests = await prepare(repository)
    const step = 3
    let failed = 0
    for (let number = 1; number <= requests; number += step) {
      if (!(await attempt(kind, (seen) => seen >= number, repository))) failed++
    }
    // Slow is not broken; and what only happens to bodies spares the requests without one.
    if (kind === 'delay') expect(failed).toBe(0)
    else expect(failed).toBeGreaterThan(requests / step / 2)
  })
})

function isHiccup(kind: FaultKind): boolean {
  return !['unauthorized', 'garbage', 'corrupt', 'truncate'].includes(kind)
}
