/** Rules about the index and the documents, and what becomes of images whose parts are absent. */
import { describe, expect, it } from 'vitest'
import { digestOf, encodeDocument, mediaTypes, parsePlatforms } from '../../src/oci/index.ts'
import type { ImageReader } from '../../src/store/index.ts'
import { StoreFault } from './store-fault.ts'
import { faults, singleImage, storedLayer, testImage, verify } from './image.ts'

const files = { 'etc/passwd': 'root:x:0:0::/:/bin/sh\n' }
const platform = (name: string) => ({ platform: name, layers: [files] })
const both = () => testImage([platform('linux/amd64'), platform('linux/arm64')])

describe('a sound image', () => {
  it('has no findings', async () => {
    const report = await verify(await both())
    expect(report.findings).toEqual([])
    expect(report.platforms.map((summary) => summary.platform)).toEqual(['linux/amd64', 'linux/arm64'])
  })

  it('counts the layers and bytes that platforms share', async () => {
    const report = await verify(await both())
    expect(report.shared).toEqual({ layers: 1, bytes: report.platforms[0]?.bytes })
    expect(report.platforms[0]?.layers[0]?.sharedWith).toEqual(['linux/arm64'])
  })

  it('is one that serves higher variants too', async () => {
    const image = await testImage([platform('linux/arm/v6'), platform('linux/amd64')])
    const report = await verify(image, { requirePlatforms: parsePlatforms('linux/arm/v7,linux/amd64/v3') })
    expect(report.findings).toEqual([])
  })

  it('gives the same report as JSON', async () => {
    const report = await verify(await both())
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })
})

describe('image/platform-missing', () => {
  it('names what was asked for and what is there', async () => {
    const report = await verify(await both(), { requirePlatforms: parsePlatforms('linux/amd64,linux/s390x') })
    expect(faults(report)).toEqual(['error image/platform-missing linux/s390x'])
    expect(report.findings[0]?.message).toBe('the image has no linux/s390x, only linux/amd64, linux/arm64')
  })

  it('verifies only the platforms that were asked for', async () => {
    const report = await verify(await both(), { platforms: parsePlatforms('linux/arm64') })
    expect(report.findings).toEqual([])
    expect(report.platforms.map((summary) => summary.platform)).toEqual(['linux/arm64'])
  })

  it('is found in an image without index', async () => {
    const report = await verify(await singleImage(platform('linux/arm64')), {
      requirePlatforms: parsePlatforms('linux/amd64,linux/arm64'),
    })
    expect(faults(report)).toEqual(['error image/platform-missing linux/amd64'])
  })
})

describe('image/single-platform', () => {
  it('is found when nobody asked for one platform', async () => {
    expect(faults(await verify(await singleImage(platform('linux/arm64'))))).toEqual([
      'warning image/single-platform',
    ])
    expect(faults(await verify(await testImage([platform('linux/arm64')])))).toEqual([
      'warning image/single-platform',
    ])
  })

  it('is silent when one was asked for', async () => {
    const image = await singleImage(platform('linux/arm64'))
    expect(faults(await verify(image, { platforms: parsePlatforms('linux/arm64') }))).toEqual([])
  })
})

describe('image/config-platform-mismatch', () => {
  it('is an error for another architecture', async () => {
    const lying = { ...platform('linux/arm64'), configured: { os: 'linux', architecture: 'amd64' } }
    const report = await verify(await testImage([platform('linux/amd64'), lying]))
    expect(faults(report)).toEqual(['error image/config-platform-mismatch linux/arm64'])
  })

  it('is a warning for another variant, and nothing for the default one', async () => {
    const variant = (name: string, of: string) => ({
      ...platform(name),
      configured: { os: 'linux', architecture: name.split('/')[1] ?? '', variant: of },
    })
    const report = await verify(
      await testImage([variant('linux/arm/v6', 'v7'), variant('linux/arm64', 'v8')]),
    )
    expect(faults(report)).toEqual(['warning image/config-platform-mismatch linux/arm/v6'])
  })
})

describe('image/duplicate-platform', () => {
  it('is an error for two images, a warning for one listed twice', async () => {
    const other = { platform: 'linux/amd64', layers: [{ a: 'b' }] }
    const two = await verify(await testImage([platform('linux/amd64'), other]))
    expect(faults(two)).toEqual(['error image/duplicate-platform linux/amd64'])
    const twice = await verify(await testImage([platform('linux/amd64'), platform('linux/amd64')]))
    expect(faults(twice)).toEqual(['warning image/duplicate-platform linux/amd64'])
  })
})

describe('image/invalid-variant', () => {
  it('is found for arm without one, and for one that does not exist', async () => {
    const report = await verify(await testImage([platform('linux/arm'), platform('linux/arm64/v7')]))
    expect(faults(report)).toEqual([
      'warning image/invalid-variant linux/arm/v7',
      'warning image/invalid-variant linux/arm64/v7',
    ])
  })
})

describe('image/mixed-media-types', () => {
  it('is found for a Docker layer in an OCI image', async () => {
    const layer = storedLayer(Buffer.alloc(1024), mediaTypes.dockerLayer)
    const mixed = { platform: 'linux/amd64', layers: [layer] }
    const report = await verify(await testImage([mixed, platform('linux/arm64')]))
    expect(faults(report)).toEqual(['warning image/mixed-media-types'])
  })
})

describe('image/unexpected-digest', () => {
  it('is found when the name points at something else', async () => {
    const image = await both()
    const other = digestOf('another')
    expect(faults(await verify(image, { expectDigest: other }))).toEqual(['error image/unexpected-digest'])
    expect(faults(await verify(image, { expectDigest: image.root.descriptor.digest }))).toEqual([])
  })
})

describe('image/missing-manifest', () => {
  it('is found when the store does not have it, and the other platforms are verified', async () => {
    const image = await both()
    const gone: ImageReader = {
      ...image,
      manifest: (descriptor, options) => {
        if (descriptor.platform?.architecture === 'arm64') throw new StoreFault('REGISTRY_NOT_FOUND')
        return image.manifest(descriptor, options)
      },
    }
    const report = await verify(gone)
    expect(faults(report)).toEqual(['error image/missing-manifest linux/arm64'])
    expect(report.platforms.map((summary) => summary.platform)).toEqual(['linux/amd64'])
  })

  it('is no finding when the network is down', async () => {
    const image = await both()
    const unreachable: ImageReader = {
      ...image,
      manifest: () => Promise.reject(new StoreFault('REGISTRY_UNREACHABLE')),
    }
    await expect(verify(unreachable)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
  })
})

describe('attestations', () => {
  it('are recognised and not counted as platforms', async () => {
    const image = await both()
    const index = JSON.parse(Buffer.from(image.root.bytes).toString()) as { manifests: object[] }
    const attestation = {
      mediaType: mediaTypes.ociManifest,
      digest: digestOf('attestation'),
      size: 11,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    }
    const bytes = encodeDocument({ ...index, manifests: [...index.manifests, attestation] })
    const report = await verify({ ...image, root: { ...image.root, bytes } })
    expect(report.attestations).toBe(1)
    expect(report.findings).toEqual([])
    expect(report.platforms).toHaveLength(2)
  })
})
