/** What all places that are written as a whole have in common, and each one's own. */
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, type ProgressEvent, type Source } from '../base/index.ts'
import { type ImageLocation, parseImageLocation, parseReference } from '../oci/index.ts'
import { copyImage, putImage } from './copy.ts'
import { imageContent } from './image-content.ts'
import { openReader, openWriter } from './open.ts'
import type { ImageReader } from './store.ts'
import { openStores } from './stores.ts'
import { sampleImage } from './testdata/sample-image.ts'
import { folderForTest } from './testdata/temporary.ts'

const { signal } = new AbortController()
const stores = openStores({ hostPlatform: { os: 'linux', architecture: 'arm64' } })
const tag = parseReference('ghcr.io/acme/shop:1.4.0')

async function write(image: ImageReader, location: string, tags = [tag]): Promise<void> {
  const writer = await openWriter(parseImageLocation(location), stores, { signal })
  try {
    await copyImage(image, writer, { tags, signal })
  } finally {
    await writer.close()
  }
}

function read(location: string): Promise<ImageReader> {
  return openReader(parseImageLocation(location), stores, { signal })
}

async function everythingIn(image: ImageReader): Promise<Map<string, string>> {
  const { levels, blobs } = await imageContent(image, { signal })
  const found = new Map(
    levels
      .flat()
      .map(({ descriptor, bytes }) => [descriptor.digest as string, Buffer.from(bytes).toString('hex')]),
  )
  for (const blob of blobs) {
    const bytes = await collect(image.blob(blob)({ signal }), 1e9, 'blob')
    found.set(blob.digest, Buffer.from(bytes).toString('hex'))
  }
  return found
}

describe.each(['oci', 'oci-archive', 'docker-archive'])('%s', (transport) => {
  it('keeps an image byte by byte', async () => {
    const folder = await folderForTest()
    const image = sampleImage({ sharedBytes: 300_000 })
    const location = `${transport}:${folder}/deep/image`
    await write(image, location)
    for (const name of ['', transport === 'docker-archive' ? ':ghcr.io/acme/shop:1.4.0' : ':1.4.0']) {
      const back = await read(location + name)
      expect(back.root).toEqual(image.root)
      expect(await everythingIn(back)).toEqual(await everythingIn(image))
      await back.close()
    }
    expect(await readdir(join(folder, 'deep'))).toEqual(['image'])
  })

  it('names what it has when another name is asked for', async () => {
    const folder = await folderForTest()
    await write(sampleImage(), `${transport}:${folder}/image`)
    await expect(read(`${transport}:${folder}/image:other`)).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      hint: expect.stringContaining('1.4.0'),
    })
  })

  it('leaves nothing behind when it fails or is not completed', async () => {
    const folder = await folderForTest()
    const image = sampleImage({ sharedBytes: 300_000 })
    const broken = { ...image, blob: () => failing }
    await expect(write(broken, `${transport}:${folder}/image`)).rejects.toThrow('no more')
    const writer = await openWriter(parseImageLocation(`${transport}:${folder}/image`), stores, { signal })
    await putImage(image, writer, { signal })
    await writer.close()
    expect(await readdir(folder)).toEqual([])
  })

  it('leaves nothing behind when it is aborted', async () => {
    const folder = await folderForTest()
    const controller = new AbortController()
    const image = sampleImage({ sharedBytes: 300_000 })
    const slow: ImageReader = {
      ...image,
      blob: (descriptor) =>
        async function* (options) {
          for await (const chunk of image.blob(descriptor)(options)) {
            yield chunk
            if (descriptor.size === 300_000) controller.abort()
          }
        },
    }
    const location = parseImageLocation(`${transport}:${folder}/image`)
    const writer = await openWriter(location, stores, controller)
    const copying = copyImage(slow, writer, { signal: controller.signal })
    await expect(copying).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await writer.close()
    expect(await readdir(folder)).toEqual([])
  })

  it('refuses content that is not what it should be', async () => {
    const folder = await folderForTest()
    const image = sampleImage()
    const wrong: Source = async function* () {
      yield Buffer.alloc(3000)
    }
    const lying = { ...image, blob: () => wrong }
    await expect(write(lying, `${transport}:${folder}/image`)).rejects.toMatchObject({
      code: 'CONTENT_MISMATCH',
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('says when there is nothing', async () => {
    const folder = await folderForTest()
    await expect(read(`${transport}:${folder}/nope`)).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' })
  })
})

describe.each(['oci', 'oci-archive'])('%s tells its progress', (transport) => {
  it('never backwards, and to the end', async () => {
    const folder = await folderForTest()
    const writer = await openWriter(parseImageLocation(`${transport}:${folder}/image`), stores, { signal })
    const events: ProgressEvent[] = []
    const image = sampleImage({ sharedBytes: 500_000 })
    const { sent } = await copyImage(image, writer, { progress: (event) => events.push(event), signal })
    const done = events.flatMap((event) => (event.type === 'advance' ? [event.done] : []))
    expect(done.at(-1)).toBe(sent.bytes)
    expect(done).toEqual([...done].sort((a, b) => a - b))
    expect([events[0]?.type, events.at(-1)?.type]).toEqual(['start', 'end'])
  })
})

describe('oci', () => {
  it('adds to a layout, replaces what had the name, and drops what nobody needs any more', async () => {
    const folder = await folderForTest()
    const location = `oci:${folder}/image`
    const [first, second, third] = ['a', 'b', 'c'].map((salt) => sampleImage({ salt }))
    const blobs = async () => (await readdir(`${folder}/image/blobs/sha256`)).length
    await write(first as ImageReader, location)
    const alone = await blobs()
    await write(second as ImageReader, location, [parseReference('ghcr.io/acme/shop:latest')])
    expect(await blobs()).toBeGreaterThan(alone)
    await write(third as ImageReader, location, [parseReference('ghcr.io/acme/shop:latest')])
    expect((await read(`${location}:1.4.0`)).root).toEqual(first?.root)
    expect(await everythingIn(await read(`${location}:latest`))).toEqual(
      await everythingIn(third as ImageReader),
    )
    await write(third as ImageReader, location)
    expect(await blobs()).toBe(alone)
    expect((await read(location)).root).toEqual(third?.root)
    expect((await readdir(`${folder}/image`)).sort()).toEqual(['blobs', 'index.json', 'oci-layout'])
  })

  it('is as it was when an addition is not completed', async () => {
    const folder = await folderForTest()
    const location = `oci:${folder}/image`
    const image = sampleImage()
    await write(image, location)
    const before = (await readdir(`${folder}/image`, { recursive: true })).sort()
    const writer = await openWriter(parseImageLocation(location), stores, { signal })
    await putImage(sampleImage({ salt: 'more' }), writer, { signal })
    await writer.close()
    expect((await readdir(`${folder}/image`, { recursive: true })).sort()).toEqual(before)
    expect((await everythingIn(await read(location))).size).toBe(11)
  })

  it('asks for a name when there are several images', async () => {
    const folder = await folderForTest()
    await write(sampleImage(), `oci:${folder}/image`)
    await write(sampleImage(), `oci:${folder}/image`, [parseReference('ghcr.io/acme/shop:2')])
    await expect(read(`oci:${folder}/image`)).rejects.toMatchObject({
      code: 'STORE_AMBIGUOUS',
      hint: 'name one behind a colon: 1.4.0, 2',
    })
  })

  it('survives many writers at once', async () => {
    const folder = await folderForTest()
    await write(sampleImage(), `oci:${folder}/image`)
    const images = Array.from({ length: 8 }, (_, index) => ({ index, image: sampleImage() }))
    await Promise.all(
      images.map(({ index, image }) =>
        write(image, `oci:${folder}/image`, [parseReference(`ghcr.io/acme/shop:${index}`)]),
      ),
    )
    for (const { index, image } of images) {
      expect(await everythingIn(await read(`oci:${folder}/image:${index}`))).toEqual(
        await everythingIn(image),
      )
    }
  })

  it('takes the location’s own name, or none', async () => {
    const folder = await folderForTest()
    await write(sampleImage(), `oci:${folder}/named:dev`, [])
    await write(sampleImage(), `oci:${folder}/nameless`, [])
    const namesIn = async (path: string) => {
      const index = JSON.parse(await readFile(`${folder}/${path}/index.json`, 'utf8')) as {
        manifests: { annotations?: object }[]
      }
      return index.manifests.map(({ annotations }) => annotations)
    }
    expect(await namesIn('named')).toEqual([{ 'org.opencontainers.image.ref.name': 'dev' }])
    expect(await namesIn('nameless')).toEqual([undefined])
    await write(sampleImage(), `oci:${folder}/nameless`, [])
    expect(await namesIn('nameless')).toHaveLength(1)
  })

  it('fills an empty folder, and leaves one with other things alone', async () => {
    const folder = await folderForTest()
    await mkdir(`${folder}/empty`)
    await write(sampleImage(), `oci:${folder}/empty`)
    await read(`oci:${folder}/empty`)
    await writeFile(`${folder}/notes.txt`, 'precious')
    await expect(write(sampleImage(), `oci:${folder}`)).rejects.toMatchObject({ code: 'STORE_OCCUPIED' })
    expect(await readdir(folder)).toContain('notes.txt')
  })

  it('reads a layout whose index.json is the image', async () => {
    const folder = await folderForTest()
    const image = sampleImage()
    await write(image, `oci:${folder}/image`)
    await writeFile(`${folder}/image/index.json`, image.root.bytes)
    const back = await read(`oci:${folder}/image`)
    expect(back.root).toEqual(image.root)
    expect((await everythingIn(back)).size).toBe(11)
  })

  it('tells what is damaged or missing', async () => {
    const folder = await folderForTest()
    const image = sampleImage({ sharedBytes: 10_000 })
    const location = `oci:${folder}/image`
    await write(image, location)
    const { blobs } = await imageContent(image, { signal })
    const layer = blobs.find(({ size }) => size === 10_000) as NonNullable<(typeof blobs)[0]>
    const file = `${folder}/image/blobs/sha256/${layer.digest.slice(7)}`
    await appendFile(file, 'x')
    const back = await read(location)
    const reading = () => collect(back.blob(layer)({ signal }), 1e9, 'layer')
    await expect(reading()).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
    await rm(file)
    await expect(reading()).rejects.toMatchObject({ code: 'IMAGE_INCOMPLETE' })
    await writeFile(`${folder}/image/oci-layout`, '{"imageLayoutVersion":"2.0.0"}')
    await expect(read(location)).rejects.toMatchObject({ code: 'STORE_INVALID' })
  })
})

describe('archives', () => {
  it.each(['oci-archive', 'docker-archive'])('%s: the same image gives the same bytes', async (transport) => {
    const folder = await folderForTest()
    const image = sampleImage()
    await write(image, `${transport}:${folder}/one`)
    await write(image, `${transport}:${folder}/two`)
    await write(image, `${transport}:${folder}/two`)
    expect((await readFile(`${folder}/one`)).equals(await readFile(`${folder}/two`))).toBe(true)
  })

  it('are read compressed, too', async () => {
    const folder = await folderForTest()
    const image = sampleImage()
    await write(image, `oci-archive:${folder}/image.tar`)
    await writeFile(`${folder}/image.tar.gz`, gzipSync(await readFile(`${folder}/image.tar`)))
    const scratch = openStores({ temporaryFolder: `${folder}/scratch` })
    const location: ImageLocation = { transport: 'oci-archive', path: `${folder}/image.tar.gz` }
    const back = await openReader(location, scratch, { signal })
    expect(await everythingIn(back)).toEqual(await everythingIn(image))
    await back.close()
    expect(await readdir(`${folder}/scratch`)).toEqual([])
  })

  it('of Docker list the host’s platform for engines that keep one', async () => {
    const folder = await folderForTest()
    const image = sampleImage()
    await write(image, `docker-archive:${folder}/x.tar`)
    const { openTarFiles } = await import('./archive/tar-files.ts')
    const { readFileOf } = await import('./layout/image-files.ts')
    const files = await openTarFiles(`${folder}/x.tar`, { name: 'x', temporary: folder, signal })
    const [entry, ...more] = JSON.parse(
      Buffer.from((await readFileOf(files, 'manifest.json', 1e6, { signal })) ?? '').toString(),
    ) as { Config: string; RepoTags: string[] }[]
    expect(more).toEqual([])
    expect(entry?.RepoTags).toEqual(['ghcr.io/acme/shop:1.4.0'])
    const config = await readFileOf(files, entry?.Config ?? '', 1e6, { signal })
    expect(JSON.parse(Buffer.from(config ?? '').toString())).toMatchObject({ architecture: 'arm64' })
  })

  it('of other kinds are refused', async () => {
    const folder = await folderForTest()
    await writeFile(`${folder}/x.tar`, Buffer.alloc(10_240))
    await expect(read(`oci-archive:${folder}/x.tar`)).rejects.toMatchObject({ code: 'STORE_INVALID' })
    await expect(read(`docker-archive:${folder}/x.tar`)).rejects.toMatchObject({ code: 'STORE_INVALID' })
    await writeFile(`${folder}/x.tar`, 'this is text and no archive at all, '.repeat(100))
    await expect(read(`oci-archive:${folder}/x.tar`)).rejects.toMatchObject({ code: 'TAR_MALFORMED' })
    await expect(write(sampleImage(), `oci-archive:${folder}`)).rejects.toMatchObject({
      code: 'STORE_OCCUPIED',
    })
  })
})

// oxlint-disable-next-line require-yield
const failing: Source = async function* () {
  throw new RangeError('no more')
}
