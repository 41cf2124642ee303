import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'
import { inChunks } from '../testdata/raw-archive.ts'
import { compress } from './compress.ts'
import { type DecompressOptions, decompress } from './decompress.ts'

const { signal } = new AbortController()

async function restored(
  bytes: Uint8Array,
  options: Partial<DecompressOptions> = {},
  chunk = 65_536,
): Promise<string> {
  const stream = decompress(inChunks(bytes, chunk), { compression: 'auto', signal, ...options })
  return Buffer.from(await collect(stream, 1 << 28, 'all')).toString('latin1')
}

async function failure(
  bytes: Uint8Array,
  options: Partial<DecompressOptions> = {},
  chunk?: number,
): Promise<unknown> {
  return await restored(bytes, options, chunk).catch((error: unknown) => error)
}

const coded = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string })

const gzip = gzipSync('hello gzip')
const zstd = Buffer.from('KLUv/QBYUQAAaGVsbG8genN0ZA==', 'base64')
const zstdChecked = Buffer.from('KLUv/QRYUQAAaGVsbG8genN0ZM/bYJw=', 'base64')
const xz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAHaGVsbG8geHoAho+bS0kI4KQAASAIuxnZux+2830BAAAAAARZWg==',
  'base64',
)
const skippable = Buffer.from('5a2a4d1803000000616263', 'hex')
const formats: ['gzip' | 'zstd' | 'xz', Buffer][] = [
  ['gzip', gzip],
  ['zstd', zstd],
  ['xz', xz],
]

describe('decompress', () => {
  it.each(formats)('recognises %s', async (format, bytes) => {
    for (const chunk of [1, 3, 65_536]) expect(await restored(bytes, {}, chunk)).toBe(`hello ${format}`)
    expect(await restored(bytes, { compression: format })).toBe(`hello ${format}`)
  })

  it('passes everything else through', async () => {
    for (const text of ['', 'a', 'hello']) expect(await restored(Buffer.from(text), {}, 1)).toBe(text)
    expect(await restored(gzip, { compression: 'none' })).toBe(gzip.toString('latin1'))
  })

  it.each(formats)('reads one %s stream behind the other', async (format, bytes) => {
    for (const chunk of [1, bytes.length, 65_536]) {
      expect(await restored(Buffer.concat([bytes, bytes, bytes]), {}, chunk)).toBe(
        `hello ${format}`.repeat(3),
      )
    }
  })

  it.each(formats)('says when %s is cut, wherever', async (format, bytes) => {
    for (let end = 0; end < bytes.length; end++) {
      for (const chunk of [1, 65_536]) {
        const error = await failure(bytes.subarray(0, end), { compression: format, name: 'layer 3' }, chunk)
        expect(error).toEqual(
          coded('TAR_TRUNCATED', /^layer 3 ends in the middle of its (gzip|zstd|xz) data$/),
        )
      }
    }
    const second = Buffer.concat([bytes, bytes.subarray(0, bytes.length - 1)])
    expect(await failure(second)).toEqual(coded('TAR_TRUNCATED'))
  })

  it.each(formats)('refuses other bytes behind %s', async (_, bytes) => {
    const junk = Buffer.concat([bytes, Buffer.from('some other bytes')])
    for (const chunk of [1, bytes.length, 65_536]) {
      expect(await failure(junk, {}, chunk)).toEqual(coded('COMPRESSION_MALFORMED'))
    }
  })

  it.each(formats)('refuses what is not %s at all', async (format) => {
    const page = Buffer.from('<!doctype html><title>502 Bad Gateway</title>')
    const error = await failure(page, { compression: format, name: 'layer 3' })
    expect(error).toEqual(coded('COMPRESSION_MALFORMED', /^layer 3 has broken (gzip|zstd|xz) data: /))
  })

  it('allows zeros behind gzip, as gzip does, but nothing behind them', async () => {
    const padded = Buffer.concat([gzip, Buffer.alloc(1000)])
    for (const chunk of [1, gzip.length, 300, 65_536]) {
      expect(await restored(padded, {}, chunk)).toBe('hello gzip')
      for (const rest of [Buffer.of(1), gzip]) {
        const error = await failure(Buffer.concat([padded, rest]), {}, chunk)
        expect(error).toEqual(coded('COMPRESSION_MALFORMED', /follow the last one/))
      }
    }
  })

  it('skips skippable zstd frames, first or later', async () => {
    expect(await restored(Buffer.concat([skippable, zstd, skippable, skippable, zstd, skippable]))).toBe(
      'hello zstdhello zstd',
    )
    expect(await failure(Buffer.concat([zstd, skippable.subarray(0, 9)]))).toEqual(coded('TAR_TRUNCATED'))
  })

  it('checks checksums', async () => {
    expect(await restored(zstdChecked)).toBe('hello zstd')
    for (const bytes of [zstdChecked, gzip]) {
      const wrong = Buffer.from(bytes)
      const at = bytes === gzip ? bytes.length - 8 : bytes.length - 1
      wrong.writeUInt8(wrong.readUInt8(at) ^ 1, at)
      expect(await failure(wrong)).toEqual(coded('COMPRESSION_MALFORMED', /check/))
    }
  })

  it('refuses zstd windows beyond 128 MiB', async () => {
    const frame = Buffer.from('28b52ffd00a0', 'hex') // window descriptor: 2 ** 30
    expect(await failure(Buffer.concat([frame, Buffer.alloc(20)]))).toEqual(
      coded('COMPRESSION_LIMIT', /128 MiB/),
    )
  })

  it('refuses zstd data that needs a dictionary', async () => {
    const frame = Buffer.from('28b52ffd2305000000000100007878', 'hex')
    expect(await failure(frame)).toEqual(coded('COMPRESSION_UNSUPPORTED', /dictionary/))
  })
})

describe('limits', () => {
  it('stop at a number of bytes', async () => {
    for (const [, bytes] of formats) {
      expect(await failure(bytes, { limits: { maxBytes: 5 } })).toEqual(coded('COMPRESSION_LIMIT', /5 bytes/))
    }
    expect(await failure(Buffer.from('abcdef'), { limits: { maxBytes: 5 } })).toEqual(
      coded('COMPRESSION_LIMIT'),
    )
  })

  it.each(['gzip', 'zstd'] as const)('stop a %s bomb soon', async (compression) => {
    const zeros = (async function* () {
      for (let i = 0; i < 160; i++) yield new Uint8Array(1 << 20)
    })()
    const bomb = await collect(compress(zeros, { compression, signal }), 1 << 24, 'bomb')
    let size = 0
    const reading = async () => {
      for await (const chunk of decompress(inChunks(bomb), { compression, signal })) size += chunk.length
    }
    await expect(reading()).rejects.toMatchObject({ code: 'COMPRESSION_LIMIT' })
    expect(size).toBeLessThan(130 * 2 ** 20)
  })

  it('leave small files of any ratio alone', async () => {
    const zeros = await collect(
      compress(inChunks(new Uint8Array(30 << 20)), { compression: 'gzip', signal }),
      1e6,
      'z',
    )
    expect(zeros.length * 300).toBeLessThan(30 << 20)
    expect(await restored(zeros)).toHaveLength(30 << 20)
  })
})

describe('a consumer that stops', () => {
  const large = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i.toString(36)).join(' '))

  async function* tracked(bytes: Uint8Array, events: string[]): AsyncGenerator<Uint8Array> {
    try {
      yield* inChunks(bytes, 5000)
      events.push('ended')
    } finally {
      events.push('closed')
    }
  }

  it.each(['gzip', 'zstd', 'none'] as const)('closes the input of %s', async (compression) => {
    const bytes = await collect(compress(inChunks(large), { compression, signal }), 1 << 24, 'all')
    const events: string[] = []
    const reading = async () => {
      for await (const chunk of decompress(tracked(bytes, events), { compression, signal }))
        return chunk.length
      return 0
    }
    expect(await reading()).toBeGreaterThan(0)
    expect(events).toEqual(['closed'])
  })

  it('closes it when only the format was looked at', async () => {
    const events: string[] = []
    const stream = decompress(tracked(gzip.subarray(0, 4), events), { compression: 'auto', signal })
    await expect(stream.next()).rejects.toMatchObject({ code: 'TAR_TRUNCATED' })
    expect(events).toEqual(['ended', 'closed'])
  })

  it.each(formats)('gets what the input of %s throws', async (_, bytes) => {
    const failure = new RangeError('connection lost')
    const input = (async function* () {
      yield bytes.subarray(0, 8)
      throw failure
    })()
    const running = collect(decompress(input, { compression: 'auto', signal }), 1 << 20, 'all')
    await expect(running).rejects.toBe(failure)
  })

  it.each(formats)('can cancel %s', async (_, bytes) => {
    const controller = new AbortController()
    const input = (async function* () {
      yield bytes.subarray(0, 8)
      controller.abort()
      yield bytes.subarray(8)
    })()
    const running = collect(
      decompress(input, { compression: 'auto', signal: controller.signal }),
      1 << 20,
      'all',
    )
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})

it.each(formats)('damaged %s is an error or something else, never a crash', async (format, bytes) => {
  const change = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }))
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.nat({ max: 80 }),
      async (changes, chunk) => {
        const damaged = Buffer.from(bytes)
        for (const [at, value] of changes) damaged[at] = value
        const limits = { maxBytes: 1 << 24 }
        const result = await failure(damaged, { compression: format, limits }, chunk + 1)
        expect(typeof result === 'string' || result instanceof TarError).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})
