import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBytes, type Source } from '../base/index.ts'
import { verified } from './content.ts'
import { digestOf, isDigest } from './digest.ts'
import { decodeImageConfig } from './image-config.ts'
import { decodeIndex, decodeManifest, encodeDocument, isAttestation, mediaTypeOf } from './manifest.ts'
import { compressionOf, mediaTypes } from './media-type.ts'

const entry = { mediaType: mediaTypes.ociLayerGzip, digest: digestOf('x'), size: 1 }
const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const invalid = expect.objectContaining({ code: 'INVALID_MANIFEST' })

describe('decodeManifest', () => {
  it('reads what encodeDocument writes', () => {
    const manifest = {
      schemaVersion: 2 as const,
      mediaType: mediaTypes.ociManifest,
      config: entry,
      layers: [entry, entry],
    }
    expect(decodeManifest(encodeDocument(manifest), 'm')).toEqual(manifest)
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['text', new TextEncoder().encode('not json')],
    ['a list', encode([])],
    ['schema 1', encode({ schemaVersion: 1, fsLayers: [] })],
    ['an index', encode({ manifests: [] })],
    ['no config', encode({ layers: [] })],
    ['a bad digest', encode({ config: entry, layers: [{ ...entry, digest: 'sha256:12' }] })],
    ['a negative size', encode({ config: entry, layers: [{ ...entry, size: -1 }] })],
    ['a fractional size', encode({ config: entry, layers: [{ ...entry, size: 0.5 }] })],
    ['bad annotations', encode({ config: entry, layers: [], annotations: { a: 1 } })],
    ['too many layers', encode({ config: entry, layers: Array.from({ length: 10_001 }, () => entry) })],
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeManifest(bytes, 'm')).toThrow(invalid)
  })

  it('never fails otherwise than with its own error', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        for (const decode of [decodeManifest, decodeIndex, decodeImageConfig]) {
          try {
            decode(new TextEncoder().encode(json), 'x')
          } catch (error) {
            expect(error).toMatchObject({ code: 'INVALID_MANIFEST' })
          }
        }
      }),
    )
  })
})

describe('indexes', () => {
  it('tells attestations from platforms', () => {
    const platform = { os: 'linux', architecture: 'arm64' }
    expect(isAttestation({ ...entry, platform })).toBe(false)
    expect(isAttestation({ ...entry, platform: { os: 'unknown', architecture: 'unknown' } })).toBe(true)
    expect(
      isAttestation({ ...entry, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } }),
    ).toBe(true)
  })

  it('tells the media type from the bytes when it is not given', () => {
    expect(mediaTypeOf(encode({ manifests: [] }), undefined, 'x')).toBe(mediaTypes.ociIndex)
    expect(mediaTypeOf(encode({ layers: [] }), 'application/json', 'x')).toBe(mediaTypes.ociManifest)
    expect(mediaTypeOf(encode({ mediaType: mediaTypes.dockerIndex, manifests: [] }), undefined, 'x')).toBe(
      mediaTypes.dockerIndex,
    )
    expect(() => mediaTypeOf(encode({}), undefined, 'x')).toThrow(invalid)
  })

  it('knows how layers are compressed', () => {
    expect(compressionOf(mediaTypes.dockerLayerGzip)).toBe('gzip')
    expect(compressionOf(mediaTypes.ociLayerZstd)).toBe('zstd')
    expect(compressionOf(mediaTypes.ociLayer)).toBe('none')
    expect(compressionOf('application/vnd.oci.image.layer.nondistributable.v1.tar+gzip')).toBe('gzip')
    expect(compressionOf('application/vnd.in-toto+json')).toBeUndefined()
  })
})

describe('verified', () => {
  const content = new TextEncoder().encode('some content')
  const expected = { digest: digestOf(content), size: content.byteLength }
  const signal = new AbortController().signal
  const read = async (source: Source) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of source({ signal })) chunks.push(chunk)
    return Buffer.concat(chunks).toString()
  }

  it('passes what is right, more than once', async () => {
    const source = verified(fromBytes(content), expected)
    expect(await read(source)).toBe('some content')
    expect(await read(source)).toBe('some content')
  })

  it('is not done twice for the same content', () => {
    const source = verified(fromBytes(content), expected)
    expect(verified(source, { ...expected, mediaType: 'x' } as typeof expected)).toBe(source)
    expect(verified(source, { ...expected, size: 1 })).not.toBe(source)
  })

  it.each([
    ['shorter', 'some conten'],
    ['longer', 'some content!'],
    ['other', 'some contenT'],
    ['empty', ''],
  ])('refuses what is %s, and withholds its end', async (_, text) => {
    const seen: Uint8Array[] = []
    const reading = async () => {
      for await (const chunk of verified(fromBytes(new TextEncoder().encode(text)), expected)({ signal }))
        seen.push(chunk)
    }
    await expect(reading()).rejects.toMatchObject({ code: 'CONTENT_MISMATCH', retryable: true })
    expect(seen).toEqual([])
  })
})

it('recognises digests', () => {
  expect(isDigest(digestOf(''))).toBe(true)
  expect(isDigest(`sha512:${'0'.repeat(128)}`)).toBe(true)
  for (const text of [
    '',
    'sha256',
    'sha256:',
    `sha256:${'A'.repeat(64)}`,
    `md5:${'0'.repeat(32)}`,
    `sha256:${'0'.repeat(63)}`,
  ]) {
    expect(isDigest(text)).toBe(false)
  }
})
