import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import { inChunks } from '../testdata/raw-archive.ts'
import { type CompressOptions, compress } from './compress.ts'
import { decompress } from './decompress.ts'

const { signal } = new AbortController()

async function compressed(bytes: Uint8Array, options: Partial<CompressOptions>, chunk = 100_000) {
  const stream = compress(inChunks(bytes, chunk), { compression: 'gzip', signal, ...options })
  return Buffer.from(await collect(stream, 1 << 28, 'all'))
}

async function restored(bytes: Uint8Array): Promise<Buffer> {
  const stream = decompress(inChunks(bytes, 65_536), { compression: 'auto', signal })
  return Buffer.from(await collect(stream, 1 << 28, 'all'))
}

/** Text of some variety, the same each time. */
function sample(size: number): Buffer {
  return variety.subarray(0, size)
}

const variety = (() => {
  const words = ['export ', 'function ', 'const ', 'return ', '0x1f8b', '\n  ', '(', ')', 'αβγ']
  const bytes = Buffer.alloc(9_000_000)
  let state = 1
  for (let at = 0; at < bytes.length; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    at += bytes.write(state % 5 === 0 ? state.toString(36) : (words[state % words.length] ?? ''), at) || 1
  }
  return bytes
})()

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('gzip', () => {
  const large = sample(3_500_000)

  it('is one member that zlib reads, hardly larger than zlib’s own', async () => {
    const bytes = await compressed(large, { level: 6 })
    expect(gunzipSync(bytes).equals(large)).toBe(true)
    expect(bytes.length).toBeLessThan(gzipSync(large, { level: 6 }).length * 1.001)
  })

  it('has a header without time, name and host', async () => {
    expect((await compressed(large, { level: 6 })).subarray(0, 10).toString('hex')).toBe(
      '1f8b08000000000000ff',
    )
    expect((await compressed(large, { level: 1 })).subarray(0, 10).toString('hex')).toBe(
      '1f8b08000000000004ff',
    )
    expect((await compressed(large, { level: 9 })).subarray(0, 10).toString('hex')).toBe(
      '1f8b08000000000002ff',
    )
  })

  it('depends on the bytes alone, not on chunks or concurrency', async () => {
    const digest = sha256(await compressed(large, {}))
    expect(sha256(await compressed(large, { concurrency: 1 }))).toBe(digest)
    expect(sha256(await compressed(large, { concurrency: 7 }, 3_333))).toBe(digest)
    expect(sha256(await compressed(large, {}, 1 << 30))).toBe(digest)
  })

  it.each([0, 1, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 2 ** 21])('takes %d bytes', async (size) => {
    const bytes = sample(size)
    expect(gunzipSync(await compressed(bytes, { level: 1 })).equals(bytes)).toBe(true)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])('has level %d', async (level) => {
    const bytes = large.subarray(0, 1_200_000)
    expect(gunzipSync(await compressed(bytes, { level })).equals(bytes)).toBe(true)
  })
})

describe('zstd', () => {
  it.each([1, 2 ** 17, 2 ** 22, 2 ** 22 + 1, 2 ** 23])('restores %d bytes', async (size) => {
    const bytes = sample(size)
    expect((await restored(await compressed(bytes, { compression: 'zstd' }))).equals(bytes)).toBe(true)
  })

  it('always makes the same bytes', async () => {
    const bytes = await compressed(sample(5_000_000), { compression: 'zstd' })
    expect(sha256(bytes)).toBe('e86e528a01ea3e67e434791e41cb0c0e81cd48c5ca7ad5f35f02657d78d8b34a')
    const again = await compressed(sample(5_000_000), { compression: 'zstd', concurrency: 1 }, 1234)
    expect(again.equals(bytes)).toBe(true)
  })

  it('makes a frame of nothing', async () => {
    const bytes = await compressed(new Uint8Array(), { compression: 'zstd' })
    expect(bytes.subarray(0, 4).toString('hex')).toBe('28b52ffd')
    expect(await restored(bytes)).toEqual(Buffer.alloc(0))
  })

  it('serves many streams at once', async () => {
    const inputs = Array.from({ length: 12 }, (_, i) => sample(50_000 + i))
    const outputs = await Promise.all(inputs.map((bytes) => compressed(bytes, { compression: 'zstd' })))
    const back = await Promise.all(outputs.map(restored))
    expect(back.map((bytes, i) => bytes.equals(inputs[i] ?? Buffer.of()))).not.toContain(false)
  })
})

describe('compress', () => {
  it('passes through without compression', async () => {
    expect(await compressed(Buffer.from('abc'), { compression: 'none' })).toEqual(Buffer.from('abc'))
  })

  it('restores anything', async () => {
    const compression = fc.constantFrom('none', 'gzip', 'zstd' as const)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), compression, async (bytes, compression) => {
        fc.pre(compression !== 'none' || bytes[0] === undefined || bytes[0] < 0x1f)
        expect((await restored(await compressed(bytes, { compression }))).equals(bytes)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['gzip', 0],
    ['gzip', 10],
    ['gzip', 1.5],
    ['zstd', 20],
  ] as const)('refuses %s level %d', async (compression, level) => {
    await expect(compressed(Buffer.of(1), { compression, level })).rejects.toMatchObject({
      code: 'COMPRESSION_LEVEL',
      kind: 'usage',
    })
  })

  it.each(['gzip', 'zstd'] as const)(
    'closes its input when the consumer of %s stops',
    async (compression) => {
      const closed: string[] = []
      const input = (async function* () {
        try {
          for (;;) yield sample(1 << 20)
        } finally {
          closed.push('input')
        }
      })()
      for await (const chunk of compress(input, { compression, signal })) if (chunk.length > 100) break
      expect(closed).toEqual(['input'])
    },
  )

  it.each(['gzip', 'zstd'] as const)('stops %s when it is cancelled', async (compression) => {
    const controller = new AbortController()
    const input = (async function* () {
      for (let i = 0; ; i++) {
        if (i === 4) controller.abort()
        yield sample(1 << 22)
      }
    })()
    const running = collect(compress(input, { compression, signal: controller.signal }), 1 << 30, 'all')
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })

  it.each(['gzip', 'zstd'] as const)('throws what the input of %s throws', async (compression) => {
    const failure = new RangeError('disk on fire')
    const input = (async function* () {
      yield sample(3 << 20)
      throw failure
    })()
    await expect(collect(compress(input, { compression, signal }), 1 << 30, 'all')).rejects.toBe(failure)
  })
})
