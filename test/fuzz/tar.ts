/**
 * Damages archives and compressed streams and reads them. Nothing may be thrown but coded errors, nothing may hang or grow
 * without bound, and how the bytes are cut into chunks must not matter.
 */
import { gzipSync } from 'node:zlib'
import { type CompressOptions, compress, decompress, readTar, TarError } from '../../src/tar/index.ts'
import { archive, inChunks, member, pax, resealed } from '../../src/tar/testdata/raw-archive.ts'
import type { FuzzFailure } from './elf.ts'
import { generator, type Random } from './random.ts'

const { signal } = new AbortController()
const hangMilliseconds = 5000
const maxBytes = 8 * 2 ** 20

/** Fuzzes the archive reader. */
export async function fuzzTar(seed: number, iterations: number): Promise<FuzzFailure[]> {
  const corpus = sampleArchives()
  return await fuzz(seed, iterations, corpus, async (input, random) => {
    // Damage behind a wrong checksum is never looked at: most inputs get their checksums made right again.
    const bytes = random.below(4) === 0 ? input : resealed(Buffer.from(input))
    const outcomes = [await readOutcome(bytes, 512), await readOutcome(bytes, 1 + random.below(2000))]
    return outcomes[0] === outcomes[1] ? undefined : `chunks matter: ${outcomes.join(' | ')}`
  })
}

/** Fuzzes the decoders of gzip, zstd and xz. */
export async function fuzzDecompress(seed: number, iterations: number): Promise<FuzzFailure[]> {
  const corpus = await sampleStreams()
  return await fuzz(seed, iterations, corpus, async (input, random) => {
    const compression = random.pick(['auto', 'gzip', 'zstd', 'xz'] as const)
    const stream = decompress(inChunks(input, 1 + random.below(500)), {
      compression,
      signal,
      limits: { maxBytes },
    })
    await outcomeOf(async () => {
      let size = 0
      for await (const chunk of stream) size += chunk.length
      return String(size)
    })
    return undefined
  })
}

async function fuzz(
  seed: number,
  iterations: number,
  corpus: readonly Buffer[],
  attempt: (input: Buffer, random: Random) => Promise<string | undefined>,
): Promise<FuzzFailure[]> {
  const random = generator(seed)
  const failures: FuzzFailure[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    const input = mutate(Buffer.from(random.pick(corpus)), random)
    const start = performance.now()
    const what = await attempt(input, random).catch((error: unknown) =>
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    )
    const slow = performance.now() - start > hangMilliseconds ? 'took too long' : undefined
    const failure = what ?? slow
    if (failure !== undefined) failures.push({ iteration, what: failure, input: input.toString('base64') })
  }
  return failures
}

/** All that a reader learns from an archive, as text. */
async function readOutcome(bytes: Buffer, chunk: number): Promise<string> {
  return await outcomeOf(async () => {
    const seen: unknown[] = []
    const limits = { maxBytes, maxEntries: 1000 }
    for await (const { body, ...entry } of readTar(inChunks(bytes, chunk), {
      signal,
      paths: 'report',
      limits,
    })) {
      let size = 0
      if (entry.path.length % 3 > 0) for await (const piece of body) size += piece.length
      seen.push({ ...entry, xattrs: [...(entry.xattrs ?? [])], read: size })
    }
    return JSON.stringify(seen)
  })
}

/** The result, or the code of the coded error; anything else that is thrown goes on. */
async function outcomeOf(run: () => Promise<string>): Promise<string> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof TarError) return error.code
    throw error
  }
}

const digits = ['0', '7', '8', '9', '-', ' ', '\0', '\x80', '\xff', '=', '\n', '/', '.', ',']

function mutate(bytes: Buffer, random: Random): Buffer {
  for (let count = 1 + random.below(5); count > 0; count--) {
    const at = random.below(bytes.length)
    const kind = random.below(5)
    if (kind === 0) bytes[at] = random.below(256)
    else if (kind === 1) bytes.write(random.pick(digits), at, 'latin1')
    else if (kind === 2)
      bytes.fill(random.pick(digits), at, Math.min(bytes.length, at + random.below(12)), 'latin1')
    else if (kind === 3) bytes.copy(bytes, at, random.below(bytes.length), random.below(bytes.length))
    else bytes.copy(bytes, at - (at % 512), 512 * random.below(Math.ceil(bytes.length / 512)), bytes.length)
  }
  return random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length + 1)) : bytes
}

function sampleArchives(): Buffer[] {
  const gnu = 'ustar  \0'
  const sparse = (...records: string[]) => pax(records.map((record) => `GNU.sparse.${record}`))
  return [
    [member({ name: 'd/', type: '5' }), member({ name: 'd/f' }, 'x'.repeat(1000)), member({ name: 'd/e' })],
    [pax(['path=a/long/name', 'mtime=-1.5', 'uid=3000000', 'SCHILY.xattr.user.a=b']), member({}, 'content')],
    [pax(['uid=7', 'mtime=3'], 'g'), member({ name: 'a', type: '2', link: '../x' }), member({ name: 'a/b' })],
    [
      member({ name: 'l', type: 'L', magic: gnu }, `${'d/'.repeat(80)}\0`),
      member({ name: 'k', type: 'K', magic: gnu }, 'target'),
      member({ name: 'd', type: '1', magic: gnu }),
    ],
    [
      member(
        {
          type: 'S',
          magic: gnu,
          patches: [
            [386, '00000001000\x0000000000003\x00'],
            [482, '\x01'],
            [483, '00000010000\0'],
          ],
          size: '00000000003\0',
        },
        '00000002000\x0000000000000\x00',
      ),
      Buffer.from('abc'.padEnd(512, '\0')),
    ],
    [sparse('size=2000', 'map=5,3,1000,2'), member({}, 'abcde'), member({ name: 'next' }, 'x')],
    [
      sparse('major=1', 'minor=0', 'realsize=2000', 'name=s'),
      member({ name: 'x/s' }, `${'2\n5\n3\n1000\n2\n'.padEnd(512, '\0')}abcde`),
    ],
  ].map((members) => Buffer.from(archive(...members)))
}

async function sampleStreams(): Promise<Buffer[]> {
  const text = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * i).toString(36)).join(' '))
  const made = async (bytes: Buffer, options: Omit<CompressOptions, 'signal'>) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of compress(inChunks(bytes), { ...options, signal })) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const zstd = await made(text, { compression: 'zstd' })
  return [
    gzipSync(text.subarray(0, 500)),
    Buffer.concat([gzipSync('one'), await made(text, { compression: 'gzip' })]),
    zstd,
    Buffer.concat([Buffer.from('5a2a4d1803000000616263', 'hex'), zstd, zstd]),
    await made(Buffer.alloc(200_000), { compression: 'zstd', level: 1 }),
    Buffer.from(xzSample, 'base64'),
  ]
}

/** `seq 1 120 | xz`, then a second stream. */
const xzSample =
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AFzAKVdABiCgo8iTvimVffwmaUlDZBFkVpRtJvKrNwFMuyFUp+xSG3v3OhLuWG64JxTf5jIqVQO/D0q0wbXZkQ9VmSmzT3Xxx9E9BjfAgs/4sbGe+Hnf3lEHHm3Qq5luBu1DoThmoIGIzlaf3KqQ/qlmh+SwL5FcXlK1ZPGkAo5rZxlhyq2GjjH4ZMXytA+CeqwUvAQYCbAXl8QkQ25eXh9l0Jg0KY4dIcMQAAAAAC6BfoJ5gNulAABwQH0AgAA4mUBLrHEZ/sCAAAAAARZWv03elhaAAAE5ta0RgIAIQEWAAAAdC/lowEABGhlbGxvAAAAALE3udvl2h6bAAEdBbgtgK8ftvN9AQAAAAAEWVo='
