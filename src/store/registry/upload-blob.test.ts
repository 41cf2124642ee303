import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../base/index.ts'
import { digestOf, parseReference } from '../../oci/index.ts'
import type { PutBlobOptions } from '../store.ts'
import { openFake } from './testdata/open-fake.ts'
import { inChunks } from '../testdata/sample-image.ts'
import { uploadBlob } from './upload-blob.ts'

const { signal } = new AbortController()
const large = randomBytes(9 * 1024 * 1024)

function blobOf(bytes: Uint8Array) {
  return {
    descriptor: { mediaType: 'x', digest: digestOf(bytes), size: bytes.byteLength },
    content: inChunks(bytes),
  }
}

type Fake = Awaited<ReturnType<typeof openFake>>

function upload({ repository }: Fake, bytes: Uint8Array, options: Partial<PutBlobOptions> = {}) {
  const { descriptor, content } = blobOf(bytes)
  return uploadBlob(repository('shop'), descriptor, content, { signal, ...options })
}

function methods({ fake }: Fake): string[] {
  return fake.requests.map(({ method }) => method)
}

describe('uploadBlob', () => {
  it.each([
    ['nothing', new Uint8Array(0), ['POST', 'PUT']],
    ['a small blob', Buffer.from('layer'), ['POST', 'PUT']],
    ['a large blob', large, ['POST', 'PATCH', 'PUT']],
  ])('sends %s', async (_, bytes, expected) => {
    for (const relativeLocations of [false, true]) {
      const open = await openFake({ relativeLocations })
      const seen: number[] = []
      expect(await upload(open, bytes, { onBytes: (sent) => seen.push(sent) })).toBe('sent')
      expect(open.fake.blobs.get(digestOf(bytes))?.equals(bytes)).toBe(true)
      expect(methods(open)).toEqual(expected)
      expect(open.fake.violations).toEqual([])
      expect(seen.at(-1) ?? 0).toBe(bytes.byteLength)
    }
  })

  it('goes on where a broken connection ended', async () => {
    const open = await openFake()
    let received = 0
    open.fake.fault = (request, message) => {
      if (request.method === 'PATCH' && received === 0) {
        message.on('data', (chunk: Buffer) => {
          received += chunk.byteLength
          if (received > 2_000_000) message.destroy()
        })
      }
      return false
    }
    const seen: number[] = []
    expect(await upload(open, large, { onBytes: (sent) => seen.push(sent) })).toBe('sent')
    expect(open.fake.blobs.has(digestOf(large))).toBe(true)
    expect(methods(open)).toEqual(['POST', 'PATCH', 'GET', 'PATCH', 'PUT'])
    const second = open.fake.requests[3]?.headers
    expect(Number(second?.['content-length'])).toBeLessThan(large.byteLength - 1_000_000)
    expect(open.fake.violations).toEqual([])
  })

  it('begins anew when the registry lost the upload', async () => {
    const open = await openFake()
    let faults = 0
    open.fake.fault = ({ method }, message, response) => {
      if (method === 'PATCH' && faults++ === 0) return message.socket.destroy() !== undefined
      if (method !== 'GET') return false
      response.writeHead(404).end('{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}')
      return true
    }
    expect(await upload(open, large)).toBe('sent')
    expect(methods(open)).toEqual(['POST', 'PATCH', 'GET', 'POST', 'PATCH', 'PUT'])
  })

  it.each(['POST', 'PATCH', 'PUT'])('survives a failing %s', async (failing) => {
    for (const bytes of [large, Buffer.from('small')]) {
      const open = await openFake()
      let faults = 0
      open.fake.fault = ({ method }, _message, response) => {
        if (method !== failing || faults++ > 0) return false
        response.writeHead(502, { connection: 'close' }).end('bad gateway')
        return true
      }
      expect(await upload(open, bytes)).toBe('sent')
      expect(open.fake.blobs.has(digestOf(bytes))).toBe(true)
    }
  })

  it('cuts the blob where something refuses its size', async () => {
    const whole = randomBytes(40 * 1024 * 1024)
    const open = await openFake({ maxBody: 20 * 1024 * 1024 })
    expect(await upload(open, whole)).toBe('sent')
    expect(open.fake.blobs.has(digestOf(whole))).toBe(true)
    expect(methods(open)).toEqual(['POST', 'PATCH', 'GET', 'PATCH', 'PATCH', 'PATCH', 'PUT'])
  })

  it('begins anew when other bytes arrived than were sent', async () => {
    const open = await openFake()
    let faults = 0
    open.fake.fault = ({ method }, _message, response) => {
      if (method !== 'PUT' || faults++ > 0) return false
      response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}')
      return true
    }
    expect(await upload(open, Buffer.from('layer'))).toBe('sent')
    expect(methods(open)).toEqual(['POST', 'PUT', 'POST', 'PUT'])
  })

  it('ends the content’s iteration when it is aborted', async () => {
    const open = await openFake()
    const controller = new AbortController()
    let ended = false
    open.fake.fault = ({ method }) => method === 'PATCH' // swallowed: nothing reads, nothing answers
    const content = async function* () {
      try {
        for (let at = 0; at < large.byteLength; at += 65_536) {
          if (at > 1_000_000) controller.abort()
          yield large.subarray(at, at + 65_536)
        }
      } finally {
        ended = true
      }
    }
    const { descriptor } = blobOf(large)
    const uploading = uploadBlob(open.repository('shop'), descriptor, content, controller)
    await expect(uploading).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(ended).toBe(true)
  })

  it('passes on what the content itself throws', async () => {
    const open = await openFake()
    const content = async function* () {
      yield large.subarray(0, 100)
      throw new RangeError('disk on fire')
    }
    const { descriptor } = blobOf(large)
    const uploading = uploadBlob(open.repository('shop'), descriptor, content, { signal })
    await expect(uploading).rejects.toThrow('disk on fire')
  })
})

describe('mounting', () => {
  const bytes = Buffer.from('base layer')

  it('mounts from a repository of the same registry', async () => {
    const open = await openFake()
    open.fake.putBlob('library/node', bytes)
    const mountFrom = [parseReference('ghcr.io/other/thing'), open.reference('library/node:22')]
    expect(await upload(open, bytes, { mountFrom })).toBe('mounted')
    expect(methods(open)).toEqual(['POST'])
    expect(open.fake.links.has(`shop@${digestOf(bytes)}`)).toBe(true)
  })

  it('sends into the upload that the registry began instead', async () => {
    const open = await openFake()
    expect(await upload(open, bytes, { mountFrom: [open.reference('library/node')] })).toBe('sent')
    expect(methods(open)).toEqual(['POST', 'PUT'])
  })

  it('asks for the permission to read the other repository, and sends without it', async () => {
    const auth = { scheme: 'bearer', username: 'jane', password: 'x' } as const
    const credentials = [{ registry: '', username: 'jane', password: new Secret('x') }]
    const open = await openFake({ auth }, { credentials })
    open.fake.putBlob('library/node', bytes)
    expect(await upload(open, bytes, { mountFrom: [open.reference('library/node')] })).toBe('mounted')
    open.fake.fault = ({ url }, _message, response) => {
      if (!url.includes('from=')) return false
      response.writeHead(403).end('{"errors":[{"code":"DENIED"}]}')
      return true
    }
    expect(await upload(open, Buffer.from('x'), { mountFrom: [open.reference('library/node')] })).toBe('sent')
    expect(open.fake.links.has(`shop@${digestOf('x')}`)).toBe(true)
  })
})
