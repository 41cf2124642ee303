/** What we write is read by the tools that people use, and what they write is read by us. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  parseImageLocation,
  parseReference,
} from '../../src/oci/index.ts'
import { copyImage, type ImageReader, openReader, openStores, openWriter } from '../../src/store/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { copyImage as skopeoCopy, copyPlatform, inspectRaw } from '../engines/skopeo.ts'
import { unpackImage } from '../engines/umoci.ts'
import { readWholly } from './complete-image.ts'
import { realImage } from './real-image.ts'

const { signal } = new AbortController()
const stores = openStores({ hostPlatform: { os: 'linux', architecture: 'amd64' } })
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-tools-'))
})
afterAll(async () => {
  await stores.close()
  await rm(folder, { recursive: true })
})

async function write(image: ImageReader, place: string, tag: string): Promise<void> {
  const writer = await openWriter(parseImageLocation(place), stores, { signal })
  await copyImage(image, writer, { tags: [parseReference(tag)], signal })
  await writer.close()
}

function read(place: string): Promise<ImageReader> {
  return openReader(parseImageLocation(place), stores, { signal })
}

describeWith(['skopeo', 'registry'], 'skopeo', () => {
  let registry: Registry
  beforeAll(async () => {
    registry = await startRegistry()
  })
  afterAll(() => registry.stop())

  it.each([
    ['a registry', () => `${registry.host}/shop:1`, () => `docker://${registry.host}/shop:1`],
    ['a layout', () => `oci:${folder}/ours`, () => `oci:${folder}/ours:1`],
    ['an archive', () => `oci-archive:${folder}/ours.tar`, () => `oci-archive:${folder}/ours.tar:1`],
  ])('takes our image from %s, all of it', async (_, ours, theirs) => {
    const image = await realImage()
    await write(image, ours(), `${registry.host}/shop:1`)
    expect(await inspectRaw(theirs())).toBe(Buffer.from(image.root.bytes).toString())
    const copy = `${registry.host}/copies/skopeo:1`
    await skopeoCopy(theirs(), `docker://${copy}`)
    const back = await read(copy)
    expect(back.root.descriptor).toEqual(image.root.descriptor)
    expect(await readWholly(back)).toBe(5)
  })

  it('takes the host’s platform from our docker-archive', async () => {
    const image = await realImage()
    await write(image, `docker-archive:${folder}/ours-docker.tar`, 'acme/shop:1')
    const inspected = JSON.parse(
      await run('skopeo', ['inspect', `docker-archive:${folder}/ours-docker.tar`]),
    ) as {
      Architecture: string
      RepoTags: string[]
      Layers: string[]
    }
    expect(inspected).toMatchObject({ Architecture: 'amd64' })
    expect(inspected.Layers).toHaveLength(2)
    const named = `docker-archive:${folder}/ours-docker.tar:docker.io/acme/shop:1`
    await skopeoCopy(named, `docker://${registry.host}/copies/docker:1`)
    expect(await readWholly(await read(`${registry.host}/copies/docker:1`))).toBe(3)
  })

  it.each([
    ['a layout', () => `oci:${folder}/theirs:1`],
    ['an archive', () => `oci-archive:${folder}/theirs.tar:1`],
    ['a registry', () => `docker://${registry.host}/theirs:1`],
  ])('puts images into %s that we read', async (_, place) => {
    const image = await realImage()
    await write(image, `${registry.host}/for/skopeo:1`, `${registry.host}/for/skopeo:1`)
    await skopeoCopy(`docker://${registry.host}/for/skopeo:1`, place())
    const back = await read(place())
    expect(back.root.descriptor).toEqual(image.root.descriptor)
    expect(await readWholly(back)).toBe(5)
  })

  it.each(['acme/shop:7', ''])('puts images into Docker archives that we read (named %o)', async (name) => {
    const image = await realImage()
    await write(image, `${registry.host}/for/skopeo:2`, `${registry.host}/for/skopeo:2`)
    const file = `${folder}/theirs-docker-${name.length}.tar`
    await copyPlatform(
      `docker://${registry.host}/for/skopeo:2`,
      `docker-archive:${file}${name && `:${name}`}`,
      'linux/arm64',
    )
    const back = await read(`docker-archive:${file}${name && `:docker.io/${name}`}`)
    const { layers, config } = decodeManifest(back.root.bytes, 'made')
    expect(layers).toHaveLength(2)
    expect(await readWholly(back)).toBe(3)
    // The layers were decompressed on the way, but the configuration is the same.
    const { manifests } = decodeIndex(image.root.bytes, 'ours')
    const arm64 = await image.manifest(manifests[1] as Descriptor, { signal })
    expect(config.digest).toBe(decodeManifest(arm64.bytes, 'arm64').config.digest)
  })
})

describeWith(['umoci'], 'umoci', () => {
  it('unpacks our layout', async () => {
    await write(await realImage(), `oci:${folder}/unpack`, 'acme/shop:1')
    for (const architecture of ['amd64', 'arm64']) {
      const bundle = join(folder, `bundle-${architecture}`)
      const files = await unpackImage(`oci:${folder}/unpack:1`, `linux/${architecture}`, bundle)
      expect(await readFile(join(files, 'platform'), 'utf8')).toBe(architecture)
    }
  })
})

describeWith(['tar'], 'GNU tar', () => {
  it('lists our archive, and packs a layout that we read as an archive', async () => {
    const image = await realImage()
    await write(image, `oci-archive:${folder}/gnu.tar`, 'acme/shop:1')
    const names = (await run('tar', ['--list', '--file', `${folder}/gnu.tar`])).trim().split('\n')
    expect(names.slice(0, 2)).toEqual(['blobs/', 'blobs/sha256/'])
    expect(names.slice(-2)).toEqual(['index.json', 'oci-layout'])
    await write(image, `oci:${folder}/gnu`, 'acme/shop:1')
    for (const format of ['gnu', 'posix', 'ustar', 'v7']) {
      const file = `${folder}/gnu-${format}.tar.gz`
      await run('tar', [
        '--create',
        '--gzip',
        `--format=${format}`,
        '--file',
        file,
        '--directory',
        `${folder}/gnu`,
        '.',
      ])
      const back = await read(`oci-archive:${file}:1`)
      expect(await readWholly(back)).toBe(5)
      await back.close()
    }
  })
})
