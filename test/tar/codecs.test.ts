/** Compressed streams exchanged with the programs that define them: gzip, zstd and xz, in their unusual modes too. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { expect, it } from 'vitest'
import { type CompressOptions, compress, decompress } from '../../src/tar/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { piped } from './pipe.ts'

const { signal } = new AbortController()

/** A file of some megabytes with code, text and machine code in it. */
const sample = process.execPath
const megabytes = 8

async function* sampled(): AsyncGenerator<Uint8Array> {
  yield* createReadStream(sample, { end: megabytes * 2 ** 20 - 1, highWaterMark: 100_000 })
}

async function sha256(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of stream) hash.update(chunk)
  return hash.digest('hex')
}

const ours = (options: Omit<CompressOptions, 'signal'>) => compress(sampled(), { ...options, signal })
const restored = (stream: AsyncIterable<Uint8Array>) => decompress(stream, { compression: 'auto', signal })

async function* concatenated(...streams: AsyncIterable<Uint8Array>[]): AsyncGenerator<Uint8Array> {
  for (const stream of streams) yield* stream
}

describeWith(['gzip'], 'gzip', () => {
  it.each([1, 6, 9])('reads our level %d', async (level) => {
    expect(await sha256(piped('gzip', ['-dc'], ours({ compression: 'gzip', level })))).toBe(
      await sha256(sampled()),
    )
  })

  it('writes what we read, one member and several', async () => {
    const digest = await sha256(sampled())
    expect(await sha256(restored(piped('gzip', ['-1c'], sampled())))).toBe(digest)
    const twice = await sha256(concatenated(sampled(), sampled()))
    const members = concatenated(piped('gzip', ['-1c'], sampled()), piped('gzip', ['-9c'], sampled()))
    expect(await sha256(restored(members))).toBe(twice)
  })
})

describeWith(['zstd'], 'zstd', () => {
  it.each([1, 3, 9])('reads our level %d', async (level) => {
    expect(await sha256(piped('zstd', ['-dc'], ours({ compression: 'zstd', level })))).toBe(
      await sha256(sampled()),
    )
  })

  it.each([
    [['-1']],
    [['-T2', '-3']],
    [['-12', '--long=27']],
    [['--fast=5', '--no-check']],
    [['-3', '--long=27', '--stream-size=8388608']],
    [['-3', '-B1MiB', '-T2', '--rsyncable']],
  ])('writes what we read with %j', async (args) => {
    expect(await sha256(restored(piped('zstd', [...args, '-c'], sampled())))).toBe(await sha256(sampled()))
  })

  it('refuses the same windows that we refuse', async () => {
    const huge = async (decoder: (input: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) =>
      await sha256(decoder(piped('zstd', ['-1', '--long=29', '-c'], sampled())))
    await expect(huge((input) => piped('zstd', ['-dc'], input))).rejects.toThrow(/Window size larger/)
    await expect(huge(restored)).rejects.toMatchObject({ code: 'COMPRESSION_LIMIT' })
  })
})

describeWith(['pzstd'], 'pzstd', () => {
  it('writes skippable frames between others, which we read', async () => {
    expect(await sha256(restored(piped('pzstd', ['-3', '-p2', '-c'], sampled())))).toBe(
      await sha256(sampled()),
    )
  })
})

describeWith(['xz'], 'xz', () => {
  it.each([
    [['-1']],
    [['-9', '--check=crc32']],
    [['-1', '-T2', '--block-size=1MiB']],
    [['-1', '--check=none']],
  ])('writes what we read with %j', async (args) => {
    expect(await sha256(restored(piped('xz', [...args, '-c'], sampled())))).toBe(await sha256(sampled()))
  })

  it('may put streams and padding one behind the other', async () => {
    const padding = (async function* () {
      yield Buffer.alloc(8)
    })()
    const streams = concatenated(piped('xz', ['-1c'], sampled()), padding, piped('xz', ['-0c'], sampled()))
    expect(await sha256(restored(streams))).toBe(await sha256(concatenated(sampled(), sampled())))
  })

  it.each([[['--x86', '--delta', '--lzma2']], [['-1', '--check=sha256']]])(
    'is refused with %j, not misread',
    async (args) => {
      const stream = restored(piped('xz', [...args, '-c'], sampled()))
      await expect(sha256(stream)).rejects.toMatchObject({ code: 'COMPRESSION_UNSUPPORTED' })
    },
  )
})
