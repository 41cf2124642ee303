import { describe, expect, it } from 'vitest'
import { collect, fromBytes, fromText, type Source } from '../base/index.ts'
import { type Descriptor, type Digest, digestOf, mediaTypes, parsePlatform } from '../oci/index.ts'
import { type ImageReader, memoryImage, type StoredManifest } from '../store/index.ts'
import { type LayerEntry, writeTar } from '../tar/index.ts'
import { compareImages } from './index.ts'

const { signal } = new AbortController()

interface Platform {
  platform?: string
  config?: object
  layers: LayerEntry[][]
}

const base = { mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0 }
const file = (path: string, text: string, more: Partial<LayerEntry> = {}): LayerEntry => ({
  ...base,
  path,
  type: 'file',
  size: Buffer.byteLength(text),
  content: fromText(text),
  ...more,
})
const folder = (path: string, more: Partial<LayerEntry> = {}): LayerEntry => ({
  ...base,
  path,
  type: 'directory',
  mode: 0o755,
  ...more,
})
const link = (path: string, linkPath: string): LayerEntry => ({ ...base, path, type: 'symlink', linkPath })

async function image(...platforms: Platform[]): Promise<ImageReader> {
  const blobs = new Map<Digest, Source>()
  const add = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const digest = digestOf(bytes)
    blobs.set(digest, fromBytes(bytes))
    return { mediaType, digest, size: bytes.byteLength }
  }
  const document = (mediaType: string, value: object): StoredManifest => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }))
    return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength } }
  }
  const manifests: StoredManifest[] = []
  for (const { platform = 'linux/amd64', config = {}, layers } of platforms) {
    const descriptors: Descriptor[] = []
    for (const entries of layers) {
      const tar = await collect(writeTar(entries, { signal }), 1 << 20, 'layer')
      descriptors.push(add(mediaTypes.ociLayer, tar))
    }
    const rootfs = { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) }
    const text = JSON.stringify({ ...parsePlatform(platform), config, rootfs })
    const own = document(mediaTypes.ociManifest, {
      config: add(mediaTypes.ociConfig, Buffer.from(text)),
      layers: descriptors,
    })
    manifests.push({ ...own, descriptor: { ...own.descriptor, platform: parsePlatform(platform) } })
  }
  const root = document(mediaTypes.ociIndex, { manifests: manifests.map(({ descriptor }) => descriptor) })
  return memoryImage({ name: 'image', root, manifests, blobs })
}

async function differences(a: LayerEntry[][], b: LayerEntry[][], options = {}) {
  const { platforms, same } = await compareImages(await image({ layers: a }), await image({ layers: b }), {
    signal,
    ...options,
  })
  const [first] = platforms
  expect(same).toBe(first?.differences.length === 0 && first.config.length === 0)
  return first?.differences.map(({ kind, path }) => `${kind} ${path}`)
}

describe('files', () => {
  it('that are the same, however they are cut into layers', async () => {
    const a = [[folder('a'), file('a/x', '1'), file('a/y', '2')]]
    const b = [
      [folder('a'), file('a/x', '0'), file('z', '')],
      [file('a/x', '1'), file('a/y', '2'), file('.wh.z', '')],
    ]
    expect(await differences(a, b)).toEqual([])
  })

  it('that differ in content, mode, owner, type and link', async () => {
    const a = [[file('c', '1'), file('m', ''), file('o', ''), file('t', ''), link('l', 'x'), folder('d')]]
    const b = [
      [
        file('c', '2'),
        file('m', '', { mode: 0o755 }),
        file('o', '', { uid: 1000 }),
        link('t', 'x'),
        link('l', 'y'),
        folder('d', { gid: 5 }),
      ],
    ]
    expect(await differences(a, b)).toEqual(['content c', 'owner d', 'link l', 'mode m', 'owner o', 'type t'])
  })

  it('that one image has: a folder once, with what is in it counted', async () => {
    const { platforms } = await compareImages(
      await image({
        layers: [[folder('d'), file('d/a', ''), folder('d/e'), file('d/e/b', ''), file('d!', '')]],
      }),
      await image({ layers: [[file('n', '')]] }),
      { signal },
    )
    expect(platforms[0]?.differences).toEqual([
      { path: 'd', kind: 'only-in-a', a: 'directory', below: 3 },
      { path: 'd!', kind: 'only-in-a', a: '0 bytes' },
      { path: 'n', kind: 'only-in-b', b: '0 bytes' },
    ])
  })

  it('attributes count, times only when they are asked for', async () => {
    const a = [
      [file('x', '', { xattrs: new Map([['security.capability', Buffer.from('1')]]) }), file('t', '')],
    ]
    const b = [[file('x', ''), file('t', '', { mtime: 7 })]]
    expect(await differences(a, b)).toEqual(['attributes x'])
    expect(await differences(a, b, { times: true })).toEqual(['attributes x', 'time t'])
  })

  it('noise is left out, and counts with strict', async () => {
    const a = [
      [file('var/log/dpkg.log', '1'), folder('root/.npm'), file('app/node_modules/.modules.yaml', '1')],
    ]
    const b = [[file('var/log/dpkg.log', '2'), folder('root'), file('app/node_modules/.modules.yaml', '2')]]
    expect(await differences(a, b)).toEqual([])
    expect(await differences(a, b, { strict: true })).toHaveLength(3)
    expect(await differences(a, [[folder('root'), folder('app/node_modules'), folder('var/log')]])).toEqual([
      'only-in-a app/node_modules/.modules.yaml',
    ])
  })
})

describe('images', () => {
  it('of the same layers are not read', async () => {
    const one = await image({ layers: [[file('a', '1')]] })
    const { platforms, same } = await compareImages(one, one, { signal })
    expect({ same, sameLayers: platforms[0]?.sameLayers }).toEqual({ same: true, sameLayers: true })
  })

  it('are started differently', async () => {
    const layers = [[file('a', '')]]
    const a = {
      Env: ['A=1', 'B=2'],
      Cmd: ['node'],
      Labels: { 'org.opencontainers.image.created': 'now' },
      User: '',
    }
    const b = { Env: ['B=2', 'A=3'], Cmd: ['node', 'x'], Labels: { v: '1' } }
    const { platforms } = await compareImages(
      await image({ layers, config: a }),
      await image({ layers, config: b }),
      {
        signal,
      },
    )
    expect(platforms[0]?.config).toEqual([
      { field: 'Cmd', a: '["node"]', b: '["node","x"]' },
      { field: 'Env.A', a: '1', b: '3' },
      { field: 'Labels.v', b: '1' },
    ])
  })

  it('lack a platform', async () => {
    const layers = [[file('a', '')]]
    const one = await image({ layers }, { layers, platform: 'linux/arm64' })
    const other = await image({ layers })
    const { missing, same } = await compareImages(one, other, { signal })
    expect({ missing, same }).toEqual({ missing: [{ platform: 'linux/arm64', in: 'b' }], same: false })
    const only = await compareImages(one, other, { signal, platforms: [parsePlatform('linux/amd64')] })
    expect(only.same).toBe(true)
    await expect(
      compareImages(one, other, { signal, platforms: [parsePlatform('linux/s390x')] }),
    ).rejects.toMatchObject({ code: 'COMPARE_NO_PLATFORM' })
  })
})
