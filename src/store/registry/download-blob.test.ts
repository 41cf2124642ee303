import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { digestOf } from '../../oci/index.ts'
import { downloadBlob } from './download-blob.ts'
import { openFake } from './testdata/open-fake.ts'

const { signal } = new AbortController()
const bytes = randomBytes(2_000_000)
const descriptor = { mediaType: 'x', digest: digestOf(bytes), size: bytes.byteLength }

describe('downloadBlob', () => {
  it('goes on where a broken connection ended', async () => {
    const { fake, repository } = await openFake()
    fake.putBlob('shop', bytes)
    let faults = 0
    fake.fault = (_request, _message, response) => {
      if (faults++ > 0) return false
      response.writeHead(200, { 'content-length': bytes.byteLength })
      response.write(bytes.subarray(0, 700_000), () => response.destroy())
      return true
    }
    const content = await collect(downloadBlob(repository('shop'), descriptor)({ signal }), 1e9, 'blob')
    expect(bytes.equals(content)).toBe(true)
    expect(fake.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      expect.stringMatching(/^bytes=\d+-1999999$/),
    ])
  })

  it('copes with a server that begins again from the start, and with one that just ends early', async () => {
    const { fake, repository } = await openFake()
    fake.putBlob('shop', bytes)
    let faults = 0
    fake.fault = (request, _message, response) => {
      delete request.headers.range
      if (faults++ > 0) return false
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(bytes.subarray(0, 700_000))
      return true
    }
    const content = await collect(downloadBlob(repository('shop'), descriptor)({ signal }), 1e9, 'blob')
    expect(bytes.equals(content)).toBe(true)
  })

  it('never passes on other content as the blob', async () => {
    const { fake, repository } = await openFake()
    fake.blobs.set(descriptor.digest, randomBytes(bytes.byteLength))
    fake.links.add(`shop@${descriptor.digest}`)
    const reading = collect(downloadBlob(repository('shop'), descriptor)({ signal }), 1e9, 'blob')
    await expect(reading).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' })
  })

  it('gives up on a server that never brings anything', async () => {
    const { fake, repository } = await openFake()
    fake.fault = (_request, _message, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' }).end()
      return true
    }
    const reading = collect(downloadBlob(repository('shop'), descriptor)({ signal }), 1e9, 'blob')
    await expect(reading).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' })
    expect(fake.requests).toHaveLength(4)
  })

  it('opens nothing before it is read, and reads again from the beginning', async () => {
    const { fake, repository } = await openFake()
    fake.putBlob('shop', bytes)
    const source = downloadBlob(repository('shop'), descriptor)
    expect(fake.requests).toHaveLength(0)
    await source({ signal })[Symbol.asyncIterator]().next()
    expect(bytes.equals(await collect(source({ signal }), 1e9, 'blob'))).toBe(true)
  })
})
