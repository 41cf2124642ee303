/** A small two-platform image with a shared layer and an attestation, as engines make them. */
import { randomBytes } from 'node:crypto'
import { fromBytes, type Source } from '../../base/index.ts'
import { type Descriptor, type Digest, digestOf, mediaTypes } from '../../oci/index.ts'
import { memoryImage } from '../memory-image.ts'
import type { ImageReader, StoredManifest } from '../store.ts'

export interface SampleOptions {
  /** bytes of the layer that the platforms share */
  sharedBytes?: number
  /** a different image for a different text */
  salt?: string
  /** kept for tests that count how often content is opened */
  opened?: (digest: Digest) => void
}

export function sampleImage({ sharedBytes = 3000, salt = '', opened }: SampleOptions = {}): ImageReader {
  const blobs = new Map<Digest, Source>()
  const blob = (mediaType: string, bytes: Uint8Array): Descriptor => {
    const digest = digestOf(bytes)
    const content = inChunks(bytes)
    blobs.set(digest, (options) => {
      opened?.(digest)
      return content(options)
    })
    return { mediaType, digest, size: bytes.byteLength }
  }
  const document = (mediaType: string, value: object): StoredManifest => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }))
    return { bytes, descriptor: { mediaType, digest: digestOf(bytes), size: bytes.byteLength } }
  }
  const shared = blob(mediaTypes.ociLayerGzip, randomBytes(sharedBytes))
  const image = (architecture: string) => {
    const own = Buffer.from(`layer of ${architecture} ${salt}`)
    const layer = blob(mediaTypes.ociLayer, own)
    const config = blob(
      mediaTypes.ociConfig,
      Buffer.from(
        JSON.stringify({
          os: 'linux',
          architecture,
          rootfs: { type: 'layers', diff_ids: [shared.digest, layer.digest] },
        }),
      ),
    )
    return document(mediaTypes.ociManifest, { config, layers: [shared, layer] })
  }
  const images = ['amd64', 'arm64'].map((architecture) => ({ architecture, manifest: image(architecture) }))
  const subject = (images[0] as { manifest: StoredManifest }).manifest.descriptor.digest
  const attestation = document(mediaTypes.ociManifest, {
    config: blob(mediaTypes.ociConfig, Buffer.from('{"os":"unknown","architecture":"unknown"}')),
    layers: [blob('application/vnd.in-toto+json', Buffer.from(`{"_type":"statement ${salt}"}`))],
  })
  const root = document(mediaTypes.ociIndex, {
    manifests: [
      ...images.map(({ architecture, manifest }) => ({
        ...manifest.descriptor,
        platform: { os: 'linux', architecture },
      })),
      {
        ...attestation.descriptor,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': subject,
        },
      },
    ],
  })
  const manifests = [...images.map(({ manifest }) => manifest), attestation]
  return memoryImage({ name: 'sample', root, manifests, blobs })
}

/** Content in several pieces, as streams bring it. */
export function inChunks(bytes: Uint8Array, size = 64 * 1024): Source {
  if (bytes.byteLength <= size) return fromBytes(bytes)
  return async function* () {
    for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
  }
}
