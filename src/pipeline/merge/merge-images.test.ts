import { describe, expect, it } from 'vitest'
import { fromBytes } from '../../base/index.ts'
import {
  decodeIndex,
  type Descriptor,
  digestOf,
  encodeDocument,
  mediaTypes,
  type Platform,
} from '../../oci/index.ts'
import { type ImageReader, memoryImage, type StoredManifest } from '../../store/index.ts'
import { mergeImages } from './merge-images.ts'

const options = { signal: new AbortController().signal }
const amd64 = { os: 'linux', architecture: 'amd64' }
const arm64 = { os: 'linux', architecture: 'arm64' }

function stored(mediaType: string, value: object): StoredManifest {
  const bytes = encodeDocument(value)
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength } }
}

interface ImageOptions {
  layer?: string
  /** adds an attestation, as BuildKit attaches it */
  attested?: boolean
  annotations?: Record<string, string>
}

function image(
  platform: Platform,
  { layer = 'app', attested = false, annotations = {} }: ImageOptions = {},
): ImageReader {
  const config = stored(mediaTypes.ociConfig, {
    ...platform,
    rootfs: { type: 'layers', diff_ids: [] },
    layer,
  })
  const manifest = stored(mediaTypes.ociManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: [],
  })
  const attestation = stored(mediaTypes.ociManifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: config.descriptor,
    layers: [],
    about: manifest.descriptor.digest,
  })
  const attestationEntry: Descriptor = {
    ...attestation.descriptor,
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: {
      'vnd.docker.reference.type': 'attestation-manifest',
      'vnd.docker.reference.digest': manifest.descriptor.digest,
    },
  }
  const root = stored(mediaTypes.ociIndex, {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [{ ...manifest.descriptor, platform }, ...(attested ? [attestationEntry] : [])],
    annotations,
  })
  return memoryImage({
    name: `${platform.architecture} ${layer}`,
    root,
    manifests: [manifest, attestation],
    blobs: new Map([[config.descriptor.digest, fromBytes(config.bytes)]]),
  })
}

const architectures = (reader: ImageReader) =>
  decodeIndex(reader.root.bytes, reader.name).manifests.map((entry) => entry.platform?.architecture)

describe('mergeImages', () => {
  it('gives the same index whatever the order of the parts', async () => {
    const one = await mergeImages('shop', [image(amd64), image(arm64)], options)
    const other = await mergeImages('shop', [image(arm64), image(amd64)], options)
    expect(architectures(one.reader)).toEqual(['amd64', 'arm64'])
    expect(other.reader.root.descriptor).toEqual(one.reader.root.descriptor)
  })

  it('keeps attestations beside the manifests that they are about', async () => {
    const { reader, platforms } = await mergeImages(
      'shop',
      [image(arm64, { attested: true }), image(amd64, { attested: true })],
      options,
    )
    expect(platforms).toEqual([amd64, arm64])
    expect(architectures(reader)).toEqual(['amd64', 'unknown', 'arm64', 'unknown'])
    for (const entry of decodeIndex(reader.root.bytes, 'shop').manifests) {
      expect((await reader.manifest(entry, options)).descriptor.digest).toBe(entry.digest)
    }
  })

  it('keeps annotations that all parts share, and none about tests', async () => {
    const annotations = (version: string) => ({
      title: 'shop',
      version,
      'dev.everyarch.tested': 'linux/arm64',
    })
    const { reader } = await mergeImages(
      'shop',
      [image(amd64, { annotations: annotations('1') }), image(arm64, { annotations: annotations('2') })],
      options,
    )
    expect(decodeIndex(reader.root.bytes, 'shop').annotations).toEqual({ title: 'shop' })
  })

  it('takes a platform that comes twice with the same bytes once, and refuses two versions of it', async () => {
    const twice = await mergeImages('shop', [image(amd64), image(amd64)], options)
    expect(architectures(twice.reader)).toEqual(['amd64'])
    await expect(
      mergeImages('shop', [image(amd64), image(amd64, { layer: 'other' })], options),
    ).rejects.toMatchObject({ code: 'MERGE_PLATFORM_TWICE' })
  })
})
