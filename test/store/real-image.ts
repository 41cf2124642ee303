/** A small image that real tools accept: gzip-compressed tar layers, for two platforms, one layer shared. */
import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { collect, fromBytes, type Source } from '../../src/base/index.ts'
import { type Descriptor, type Digest, digestOf, encodeDocument, mediaTypes } from '../../src/oci/index.ts'
import { type ImageReader, memoryImage, type StoredManifest } from '../../src/store/index.ts'
import { writeTar } from '../../src/tar/index.ts'

const { signal } = new AbortController()

interface Layer {
  descriptor: Descriptor
  diffId: string
}

export interface RealImageOptions {
  /** bytes of the file in the shared layer, which do not compress */
  sharedBytes?: number
}

/** Every call makes other content. */
export async function realImage({ sharedBytes = 20_000 }: RealImageOptions = {}): Promise<ImageReader> {
  const blobs = new Map<Digest, Source>()
  const keep = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const digest = digestOf(bytes)
    blobs.set(digest, inPieces(bytes))
    return { mediaType, digest, size: bytes.byteLength }
  }
  const layer = async (path: string, bytes: Uint8Array): Promise<Layer> => {
    const file = { path, type: 'file' as const, mode: 0o644, uid: 0, gid: 0, mtime: 0 }
    const entry = { ...file, size: bytes.byteLength, content: fromBytes(bytes) }
    const tar = await collect(writeTar([entry], { signal }), 1e9, 'layer')
    return {
      descriptor: keep(mediaTypes.ociLayerGzip, gzipSync(tar, { level: 1 })),
      diffId: `sha256:${createHash('sha256').update(tar).digest('hex')}`,
    }
  }
  const shared = await layer('shared', randomBytes(sharedBytes))
  const image = async (architecture: string) => {
    const own = await layer('platform', Buffer.from(architecture))
    const config = keep(
      mediaTypes.ociConfig,
      encodeDocument({
        created: '1970-01-01T00:00:00Z',
        architecture,
        os: 'linux',
        config: { Cmd: ['/platform'] },
        rootfs: { type: 'layers', diff_ids: [shared.diffId, own.diffId] },
        history: [{ created_by: 'shared' }, { created_by: architecture }],
      }),
    )
    return manifestOf(mediaTypes.ociManifest, { config, layers: [shared.descriptor, own.descriptor] })
  }
  const images = [await image('amd64'), await image('arm64')]
  const root = manifestOf(mediaTypes.ociIndex, {
    manifests: images.map(({ descriptor }, index) => ({
      ...descriptor,
      platform: { os: 'linux', architecture: index === 0 ? 'amd64' : 'arm64' },
    })),
  })
  return memoryImage({ name: 'real image', root, manifests: images, blobs })
}

function manifestOf(mediaType: string, document: object): StoredManifest {
  const bytes = encodeDocument({ schemaVersion: 2, mediaType, ...document })
  return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength } }
}

function inPieces(bytes: Uint8Array): Source {
  return async function* () {
    for (let at = 0; at < bytes.byteLength; at += 65_536) yield bytes.subarray(at, at + 65_536)
  }
}
