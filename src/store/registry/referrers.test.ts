import { describe, expect, it } from 'vitest'
import { digestOf, mediaTypes } from '../../oci/index.ts'
import { openReader, openWriter } from '../open.ts'
import { openFake } from './testdata/open-fake.ts'

const { signal } = new AbortController()

describe.each([true, false])('referrers, with the endpoint: %s', (referrers) => {
  it('lists what was stored with a subject', async () => {
    const { fake, stores, reference } = await openFake({ referrers })
    const location = { transport: 'docker' as const, reference: reference('shop:1') }
    const image = Buffer.from('{"schemaVersion":2,"manifests":[]}')
    const subject = { mediaType: mediaTypes.ociIndex, digest: digestOf(image), size: image.byteLength }
    fake.putManifest('shop', mediaTypes.ociIndex, image, '1')
    const config = { mediaType: mediaTypes.ociEmpty, digest: digestOf('{}'), size: 2 }
    fake.putBlob('shop', Buffer.from('{}'))
    const writer = await openWriter(location, stores, { signal })
    const signatures = ['one', 'two'].map((text) => {
      const bytes = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: mediaTypes.ociManifest,
          artifactType: 'application/x.signature',
          config,
          layers: [],
          subject,
          annotations: { text },
        }),
      )
      return {
        bytes,
        descriptor: { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.byteLength },
      }
    })
    for (const signature of signatures) await writer.putManifest(signature, { signal })
    await writer.putManifest(signatures[0] as never, { signal })
    const reader = await openReader(location, stores, { signal })
    const found = await reader.referrers(subject.digest, { signal })
    expect(found.map(({ digest }) => digest)).toEqual(signatures.map(({ descriptor }) => descriptor.digest))
    expect(await reader.referrers(digestOf('nobody'), { signal })).toEqual([])
    expect(fake.tags.has(`shop:${subject.digest.replace(':', '-')}`)).toBe(!referrers)
    expect(fake.violations).toEqual([])
  })
})
