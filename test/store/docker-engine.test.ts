/** Real Docker engines, with both kinds of image store. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ProgressEvent } from '../../src/base/index.ts'
import { decodeIndex, decodeManifest, isIndexType, parseImageLocation } from '../../src/oci/index.ts'
import { copyImage, openReader, openStores, openWriter, type Stores } from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { readWholly } from './complete-image.ts'
import { realImage } from './real-image.ts'

const { signal } = new AbortController()
const shop = parseImageLocation('docker-daemon:acme/shop:dev')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-daemon-'))
})
afterAll(() => rm(folder, { recursive: true }))

function storesFor(docker: Docker): Stores {
  return openStores({
    docker: { host: docker.host },
    hostPlatform: { os: 'linux', architecture: 'amd64' },
    temporaryFolder: join(folder, 'scratch'),
  })
}

async function architectures(docker: Docker, name: string): Promise<string> {
  return (await docker.docker(['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}}', name])).trim()
}

describeWith(['docker'], 'an engine with the containerd image store', () => {
  let docker: Docker
  beforeAll(async () => {
    docker = await startDocker()
  })
  afterAll(() => docker.stop())

  it('takes all platforms, and gives them back byte by byte', async () => {
    const stores = storesFor(docker)
    const image = await realImage({ sharedBytes: 3_000_000 })
    const events: ProgressEvent[] = []
    const progress = (event: ProgressEvent) => events.push(event)
    const writer = await openWriter(shop, stores, { progress, signal })
    await copyImage(image, writer, { signal })
    await writer.close()
    expect(events.filter(({ type }) => type === 'warning')).toEqual([])
    expect(await architectures(docker, 'acme/shop:dev')).toBe('linux/amd64')
    const reader = await openReader(shop, stores, { signal })
    expect(reader.root.descriptor.digest).toBe(image.root.descriptor.digest)
    expect(await readWholly(reader)).toBe(5)
    await reader.close()
    expect(await readdir(join(folder, 'scratch'))).toEqual([])
    await stores.close()
  })

  it('loads our archives', async () => {
    const stores = storesFor(docker)
    for (const transport of ['docker-archive', 'oci-archive']) {
      const file = join(folder, `${transport}.tar`)
      const name = `acme/${transport}:1`
      const writer = await openWriter(parseImageLocation(`${transport}:${file}`), stores, { signal })
      const location = parseImageLocation(name)
      const tags = location.transport === 'docker' ? [location.reference] : []
      await copyImage(await realImage(), writer, { tags, signal })
      expect(await docker.docker(['load', '--input', file])).toContain(name)
      expect(await architectures(docker, name)).toBe('linux/amd64')
    }
    await stores.close()
  })

  it('says what it does not have', async () => {
    const stores = storesFor(docker)
    const opening = openReader(parseImageLocation('docker-daemon:nobody/nothing:1'), stores, { signal })
    await expect(opening).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
    await stores.close()
  })
})

describeWith(['docker'], 'an engine with the classic image store', () => {
  let docker: Docker
  beforeAll(async () => {
    docker = await startDocker({ imageStore: 'classic' })
  })
  afterAll(() => docker.stop())

  it('takes its own platform, and we say so', async () => {
    const stores = storesFor(docker)
    const image = await realImage()
    const events: ProgressEvent[] = []
    const progress = (event: ProgressEvent) => events.push(event)
    const writer = await openWriter(shop, stores, { progress, signal })
    await copyImage(image, writer, { signal })
    await writer.close()
    expect(events.find(({ type }) => type === 'warning')).toMatchObject({
      text: 'the Docker engine keeps one platform: linux/amd64 is loaded, linux/arm64 is not',
    })
    expect(await architectures(docker, 'acme/shop:dev')).toBe('linux/amd64')
    const reader = await openReader(shop, stores, { signal })
    const root = isIndexType(reader.root.descriptor.mediaType)
      ? await reader.manifest(decodeIndex(reader.root.bytes, 'root').manifests[0] as never, { signal })
      : reader.root
    expect(decodeManifest(root.bytes, 'root').layers).toHaveLength(2)
    expect(await readWholly(reader)).toBe(3)
    await reader.close()
    await stores.close()
  })

  it('loads our archive', async () => {
    const stores = storesFor(docker)
    const location = parseImageLocation(`docker-archive:${join(folder, 'classic.tar')}:acme/classic:1`)
    const writer = await openWriter(location, stores, { signal })
    await copyImage(await realImage(), writer, { signal })
    expect(await docker.docker(['load', '--input', join(folder, 'classic.tar')])).toContain('acme/classic:1')
    expect(await architectures(docker, 'acme/classic:1')).toBe('linux/amd64')
    await stores.close()
  })
})
