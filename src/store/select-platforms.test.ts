import { describe, expect, it } from 'vitest'
import { decodeIndex, parsePlatforms } from '../oci/index.ts'
import { imageContent } from './image-content.ts'
import { sampleImage } from './testdata/sample-image.ts'
import { platformOfManifest, selectPlatforms } from './select-platforms.ts'

const { signal } = new AbortController()

describe('selectPlatforms', () => {
  it('keeps the platform and its attestation, and only what they need', async () => {
    const image = sampleImage()
    const selected = await selectPlatforms(image, parsePlatforms('linux/amd64'), { signal })
    const { manifests } = decodeIndex(selected.root.bytes, 'selected')
    expect(manifests.map(({ platform }) => platform?.architecture)).toEqual(['amd64', 'unknown'])
    expect((await imageContent(selected, { signal })).blobs).toHaveLength(5)
    const arm = await selectPlatforms(image, parsePlatforms('linux/arm64'), { signal })
    expect(decodeIndex(arm.root.bytes, 'arm').manifests).toHaveLength(1)
  })

  it('keeps the digest when nothing is dropped', async () => {
    const image = sampleImage()
    const all = parsePlatforms('linux/arm64,linux/amd64')
    expect((await selectPlatforms(image, all, { signal })).root).toBe(image.root)
  })

  it('names the platforms that there are', async () => {
    const choosing = selectPlatforms(sampleImage(), parsePlatforms('linux/s390x'), { signal })
    await expect(choosing).rejects.toMatchObject({
      code: 'PLATFORM_MISSING',
      hint: 'it has linux/amd64, linux/arm64',
    })
  })

  it('takes a single image only for its own platform', async () => {
    const image = sampleImage()
    const [first] = (await imageContent(image, { signal })).levels[0] ?? []
    const single = { ...image, root: first as NonNullable<typeof first> }
    expect(await platformOfManifest(single, single.root, { signal })).toEqual({
      os: 'linux',
      architecture: 'amd64',
    })
    expect(await selectPlatforms(single, parsePlatforms('linux/amd64/v3'), { signal })).toBe(single)
    await expect(selectPlatforms(single, parsePlatforms('linux/arm64'), { signal })).rejects.toMatchObject({
      code: 'PLATFORM_MISSING',
    })
  })
})
