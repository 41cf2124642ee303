/** Archives of engines that knew no layouts: layer.tar folders, links between equal layers, podman's flat files. */
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { collect, fromBytes } from '../../base/index.ts'
import { decodeManifest, mediaTypes } from '../../oci/index.ts'
import { type LayerEntry, writeTar } from '../../tar/index.ts'
import { folderForTest } from '../testdata/temporary.ts'
import { openDockerArchiveReader } from './docker-archive-reader.ts'
import { openTarFiles } from './tar-files.ts'

const { signal } = new AbortController()

type Part = { path: string } & ({ text: string | Uint8Array } | { link: string; type?: 'hardlink' })

async function archiveOf(parts: readonly Part[]) {
  const folder = await folderForTest()
  const entries = parts.map((part): LayerEntry => {
    const common = { path: part.path, mode: 0o644, uid: 0, gid: 0, mtime: 0 }
    if ('link' in part) return { ...common, type: part.type ?? 'symlink', linkPath: part.link, size: 0 }
    const bytes = Buffer.from(part.text)
    return { ...common, type: 'file', size: bytes.byteLength, content: fromBytes(bytes) }
  })
  await pipeline(writeTar(entries, { signal }), createWriteStream(`${folder}/x.tar`))
  return openTarFiles(`${folder}/x.tar`, { name: 'docker-archive:x.tar', temporary: folder, signal })
}

function digest(text: string | Uint8Array): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function config(...layers: string[]): string {
  const diffIds = layers.map((layer) => digest(layer))
  return JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: diffIds } })
}

const manifest = (Config: string, Layers: string[], RepoTags: string[] | null = ['shop:1']) => ({
  path: 'manifest.json',
  text: JSON.stringify([{ Config, RepoTags, Layers }]),
})

describe('openDockerArchiveReader', () => {
  it('makes a manifest of layer.tar folders, links between them included', async () => {
    const files = await archiveOf([
      { path: 'c.json', text: config('one', 'one', 'two') },
      { path: 'a/layer.tar', text: 'one' },
      { path: 'b/layer.tar', link: '../a/layer.tar' },
      { path: 'd.tar', text: 'two' },
      manifest('c.json', ['a/layer.tar', 'b/layer.tar', 'd.tar']),
    ])
    const reader = await openDockerArchiveReader(files, 'docker.io/library/shop:1', { signal })
    const { layers } = decodeManifest(reader.root.bytes, 'made')
    expect(layers.map((layer) => layer.digest)).toEqual([digest('one'), digest('one'), digest('two')])
    expect(layers.map(({ mediaType }) => mediaType)).toEqual(layers.map(() => mediaTypes.ociLayer))
    const second = await collect(reader.blob(layers[1] as (typeof layers)[0])({ signal }), 100, 'layer')
    expect(Buffer.from(second).toString()).toBe('one')
  })

  it('recognises compressed layers', async () => {
    const packed = gzipSync('one')
    const files = await archiveOf([
      { path: 'c.json', text: config('one') },
      { path: 'l.tar.gz', text: packed },
      manifest('c.json', ['l.tar.gz'], null),
    ])
    const reader = await openDockerArchiveReader(files, undefined, { signal })
    expect(decodeManifest(reader.root.bytes, 'made').layers).toEqual([
      { mediaType: mediaTypes.ociLayerGzip, digest: digest(packed), size: packed.byteLength },
    ])
  })

  it('checks layers against the diffIDs', async () => {
    const files = await archiveOf([
      { path: 'c.json', text: config('one') },
      { path: 'l.tar', text: 'two' },
      manifest('c.json', ['l.tar']),
    ])
    const reader = await openDockerArchiveReader(files, undefined, { signal })
    const [layer] = decodeManifest(reader.root.bytes, 'made').layers
    const reading = collect(reader.blob(layer as NonNullable<typeof layer>)({ signal }), 100, 'layer')
    await expect(reading).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
  })

  it.each([
    [
      'a layer is not there',
      'IMAGE_INCOMPLETE',
      [{ path: 'c.json', text: config('x') }, manifest('c.json', ['l'])],
    ],
    ['the configuration is not there', 'IMAGE_INCOMPLETE', [manifest('c.json', [])]],
    [
      'layers and diffIDs differ',
      'STORE_INVALID',
      [{ path: 'c.json', text: config('x') }, manifest('c.json', [])],
    ],
    ['manifest.json is no list', 'STORE_INVALID', [{ path: 'manifest.json', text: '{}' }]],
    ['manifest.json is cut off', 'STORE_INVALID', [{ path: 'manifest.json', text: '[{"Config":' }]],
    ['an image has no layers', 'STORE_INVALID', [{ path: 'manifest.json', text: '[{"Config":"x"}]' }]],
    ['there is no image', 'STORE_NOT_FOUND', [{ path: 'manifest.json', text: '[]' }]],
    ['nothing is known', 'STORE_INVALID', [{ path: 'readme', text: 'hello' }]],
    [
      'links go round',
      'IMAGE_INCOMPLETE',
      [
        { path: 'c.json', text: config('x') },
        { path: 'l', link: 'm' },
        { path: 'm', link: 'l' },
        manifest('c.json', ['l']),
      ],
    ],
  ] satisfies [string, string, Part[]][])('says that %s (%s)', async (_, code, parts) => {
    const files = await archiveOf(parts)
    await expect(openDockerArchiveReader(files, undefined, { signal })).rejects.toMatchObject({ code })
  })

  it('wants a name where there are several images', async () => {
    const image = (name: string) => ({ Config: 'c.json', RepoTags: [name], Layers: ['l.tar'] })
    const parts = [
      { path: 'c.json', text: config('x') },
      { path: 'l.tar', text: 'x' },
      { path: 'manifest.json', text: JSON.stringify([image('shop:1'), image('ghcr.io/acme/shop:2')]) },
    ]
    const files = await archiveOf(parts)
    const opening = openDockerArchiveReader(files, undefined, { signal })
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_AMBIGUOUS',
      hint: 'name one behind a colon: shop:1, ghcr.io/acme/shop:2',
    })
    await openDockerArchiveReader(files, 'ghcr.io/acme/shop:2', { signal })
    await openDockerArchiveReader(files, 'shop:1', { signal })
    await expect(openDockerArchiveReader(files, 'shop:3', { signal })).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
    })
  })
})
