import { describe, expect, it } from 'vitest'
import {
  decodeImageConfig,
  decodeIndex,
  decodeManifest,
  type DiffId,
  digestOf,
  type ImageConfig,
  mediaTypes,
  parsePlatform,
} from '../../../oci/index.ts'
import { imageIndex, platformImage } from './image-document.ts'

const diffId = (text: string) => digestOf(text) as string as DiffId
const baseConfig: ImageConfig = {
  os: 'linux',
  architecture: 'arm64',
  rootfs: { type: 'layers', diff_ids: [diffId('base')] },
  history: [{ created_by: 'base' }],
}
const layer = {
  diffId: diffId('ours'),
  descriptor: { mediaType: mediaTypes.ociLayerGzip, digest: digestOf('ours.gz'), size: 7 },
  uncompressedSize: 10,
  createdBy: 'everyarch: app',
}
const baseLayer = { mediaType: mediaTypes.dockerLayerGzip, digest: digestOf('base.gz'), size: 5 }
const image = (platform: string) =>
  platformImage({
    platform: parsePlatform(platform),
    base: { config: baseConfig, layers: [baseLayer] },
    layers: [layer],
    run: { Cmd: ['node'] },
    annotations: { a: 'b' },
    created: '1970-01-01T00:00:00.000Z',
  })

describe('platformImage', () => {
  const { manifest, config } = image('linux/arm/v7')
  const decoded = decodeManifest(manifest.bytes, 'manifest')
  const decodedConfig = decodeImageConfig(config.bytes, 'config')

  it('describes its own bytes', () => {
    expect(manifest.descriptor.digest).toBe(digestOf(manifest.bytes))
    expect(decoded.config).toEqual({
      mediaType: mediaTypes.ociConfig,
      digest: digestOf(config.bytes),
      size: config.bytes.length,
    })
  })

  it('puts our layers above the base’s, in layers, diffIDs and history alike', () => {
    expect(decoded.layers.map(({ digest }) => digest)).toEqual([baseLayer.digest, layer.descriptor.digest])
    expect(decodedConfig.rootfs.diff_ids).toEqual([diffId('base'), layer.diffId])
    expect(decodedConfig.history?.map((entry) => entry.created_by)).toEqual(['base', 'everyarch: app'])
  })

  it('names the platform that was asked for, not the base’s', () => {
    expect(decodedConfig).toMatchObject({ os: 'linux', architecture: 'arm', variant: 'v7' })
  })

  it('speaks OCI throughout', () => {
    expect(decoded.layers.every(({ mediaType }) => mediaType === mediaTypes.ociLayerGzip)).toBe(true)
  })
})

it('makes an index of the platforms in the order given', () => {
  const images = ['linux/arm64', 'linux/amd64'].map(image)
  const index = imageIndex(images, { x: 'y' })
  const { manifests, annotations } = decodeIndex(index.bytes, 'index')
  expect(annotations).toEqual({ x: 'y' })
  expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['arm64', 'amd64'])
  expect(manifests.map(({ digest }) => digest)).toEqual(
    images.map(({ manifest }) => manifest.descriptor.digest),
  )
  expect(imageIndex(['linux/arm64', 'linux/amd64'].map(image), { x: 'y' }).descriptor.digest).toBe(
    index.descriptor.digest,
  )
})
