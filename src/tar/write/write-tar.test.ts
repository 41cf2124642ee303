import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect, fromBytes, fromText } from '../../base/index.ts'
import type { LayerEntry, TarEntry } from '../entry.ts'
import { readTar } from '../read/read-tar.ts'
import type { TarErrorCode } from '../tar-error.ts'
import { writeTar } from './write-tar.ts'

const { signal } = new AbortController()

function entry(fields: Partial<LayerEntry> & { path: string }): LayerEntry {
  return { type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, ...fields }
}

function file(path: string, content: string | Uint8Array, fields: Partial<LayerEntry> = {}): LayerEntry {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return entry({ path, size: bytes.length, content: fromBytes(bytes), ...fields })
}

async function written(entries: Iterable<LayerEntry>): Promise<Buffer> {
  return Buffer.from(await collect(writeTar(entries, { signal }), 1 << 26, 'the archive'))
}

/** What a reader sees, with contents as bytes. */
async function readBack(bytes: Uint8Array) {
  const seen: (Omit<TarEntry, 'body' | 'rawPath'> & { content: Uint8Array })[] = []
  for await (const { body, rawPath, ...fields } of readTar(fromBytes(bytes)({ signal }), {
    signal,
    paths: 'report',
  })) {
    seen.push({ ...fields, content: Uint8Array.from(await collect(body, 1 << 24, rawPath)) })
  }
  return seen
}

async function failure(entries: Iterable<LayerEntry>): Promise<unknown> {
  return await written(entries).catch((error: unknown) => error)
}

const coded = (code: TarErrorCode, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string })

const sample: LayerEntry[] = [
  entry({ path: '', type: 'directory', mode: 0o755 }),
  entry({ path: 'app', type: 'directory', mode: 0o755, mtime: 1_700_000_000 }),
  file('app/index.js', 'console.log(1)\n', { mode: 0o755 }),
  entry({ path: 'app/link', type: 'symlink', linkPath: '../etc/x', mode: 0o777 }),
  entry({ path: 'app/hard', type: 'hardlink', linkPath: 'app/index.js' }),
  file('app/größe', 'x'),
  file(`app/${'long/'.repeat(60)}name`, 'deep'),
  file('app/bytes\udce9', 'not UTF-8'),
  file('app/owner', '', { uid: 3_000_000, gid: 2_097_151, uname: 'root', gname: 'café' }),
  file('app/cap', '', { xattrs: new Map([['security.capability', Uint8Array.of(1, 0, 0, 2, 0)]]) }),
  entry({ path: 'app/null', type: 'character-device', devmajor: 1, devminor: 3 }),
  entry({ path: 'app/pipe', type: 'fifo' }),
]

describe('writeTar', () => {
  it('writes the same bytes everywhere', async () => {
    const bytes = await written(sample)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      '9f73c79f271bb1c233b8731ef2d4ac27dc923454c1e665d6b1dd9f2b2a8364a9',
    )
  })

  it('writes plain ustar where that can hold the entry', async () => {
    const path = `${'d'.repeat(100)}/${'n'.repeat(100)}`
    const bytes = await written([file(path, 'x')])
    expect(bytes.length).toBe(512 + 512 + 1024)
    expect(bytes.toString('latin1', 0, 100)).toBe('n'.repeat(100))
    expect(bytes.toString('latin1', 345, 445)).toBe('d'.repeat(100))
    expect(bytes.toString('latin1', 257, 265)).toBe('ustar\x0000')
  })

  it.each([
    ['a name without a slash in the right place', entry({ path: 'n'.repeat(101) })],
    ['a name that is not ASCII', entry({ path: 'é' })],
    ['a long link target', entry({ path: 'a', type: 'symlink', linkPath: 'x'.repeat(101) })],
    ['a large owner', entry({ path: 'a', uid: 2 ** 21 })],
    ['a time before 1970', entry({ path: 'a', mtime: -1 })],
    ['an extended attribute', entry({ path: 'a', xattrs: new Map([['user.x', Uint8Array.of(0)]]) })],
    ['a long owner name', entry({ path: 'a', uname: 'u'.repeat(32) })],
  ])('adds a PAX header for %s', async (_, one) => {
    const bytes = await written([one])
    expect(bytes.toString('latin1', 156, 157)).toBe('x')
    const [back] = await readBack(bytes)
    expect(back).toMatchObject({ path: one.path, uid: one.uid, mtime: one.mtime })
  })

  it('ends with two zero blocks, even when empty', async () => {
    expect(await written([])).toEqual(Buffer.alloc(1024))
  })

  it('packs small files and passes large bodies through', async () => {
    const small = Array.from({ length: 2000 }, (_, i) => file(`s${i}`, 'x'.repeat(100)))
    const body = new Uint8Array(300_000).fill(7)
    const chunks: Uint8Array[] = []
    for await (const chunk of writeTar([...small, file('t', body)], { signal })) chunks.push(chunk)
    expect(chunks.length).toBeLessThan(15)
    expect(chunks.some((chunk) => chunk.buffer === body.buffer)).toBe(true)
  })

  it('reads small sources ahead in order, and large ones when they are due', async () => {
    const opened: number[] = []
    const files = (size: number) =>
      Array.from({ length: 100 }, (_, i) =>
        entry({
          path: `f${i}`,
          size,
          content: async function* () {
            opened.push(i)
            yield new Uint8Array(size)
          },
        }),
      )
    const openedBeforeFirstChunk = async (size: number) => {
      opened.length = 0
      const stream = writeTar(files(size), { signal })
      await stream.next()
      await stream.return(undefined)
      return opened.length
    }
    expect(await openedBeforeFirstChunk(100_000)).toBeLessThanOrEqual(1)
    expect(await openedBeforeFirstChunk(60_000)).toBeLessThan(30)
    opened.length = 0
    await written(files(1))
    expect(opened).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  const content = fc.uint8Array({ maxLength: 2000 })
  const segment = fc
    .oneof(
      fc.string({ minLength: 1, maxLength: 120, unit: 'grapheme' }),
      fc.string({ minLength: 1, unit: 'binary' }),
    )
    .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..')
  const generated = fc.record({
    path: fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/')),
    content,
    mode: fc.nat({ max: 0o7777 }),
    uid: fc.oneof(fc.nat(), fc.constant(2 ** 40)),
    gid: fc.nat(),
    mtime: fc.integer(),
    uname: fc
      .string({ minLength: 1, unit: 'grapheme', maxLength: 40 })
      .filter((name) => !name.includes('\0')),
    xattr: fc.uint8Array(),
  })

  it('is read back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(generated, { selector: ({ path }) => path.split('/')[0], maxLength: 8 }),
        async (files) => {
          const entries = files.map(({ path, content, xattr, ...fields }) =>
            file(path, content, { ...fields, xattrs: new Map([['user.any', xattr]]) }),
          )
          const back = await readBack(await written(entries))
          expect(
            back.map(({ path, content, mode, uid, gid, mtime, uname, xattrs }) => ({
              path,
              content,
              mode,
              uid,
              gid,
              mtime,
              uname,
              xattr: Uint8Array.from(xattrs?.get('user.any') ?? []),
            })),
          ).toEqual(files)
          expect(back.flatMap(({ problems }) => problems)).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  it('keeps every type of entry', async () => {
    const back = await readBack(await written(sample))
    const known = sample.map(({ content: _content, ...fields }) => expect.objectContaining(fields) as unknown)
    expect(back).toEqual(known)
  })
})

describe('writeTar refuses', () => {
  it.each(['/a', 'a/', 'a//b', './a', 'a/./b', '..', 'a/../b', 'a\0b', '', 'x'.repeat(4096)])(
    'the path %j',
    async (path) => {
      expect(await failure([entry({ path })])).toEqual(coded('TAR_UNSAFE_PATH', /cannot write the layer/))
    },
  )

  it.each([
    ['is there twice', [entry({ path: 'a' }), entry({ path: 'a' })]],
    ['is there twice', [entry({ path: 'a', type: 'directory' }), entry({ path: 'a', type: 'directory' })]],
    ['is below "a", which is a file', [entry({ path: 'a' }), entry({ path: 'a/b/c' })]],
    [
      'is below "a", which is a symlink',
      [entry({ path: 'a', type: 'symlink', linkPath: 'x' }), entry({ path: 'a/b' })],
    ],
    ['is a file, but entries below it', [entry({ path: 'a/b/c' }), entry({ path: 'a/b' })]],
  ])('a path that %s', async (what, entries) => {
    expect(await failure(entries)).toEqual(coded('TAR_PATH_CONFLICT', new RegExp(what)))
  })

  it('not a directory that comes after its files', async () => {
    const entries = [
      entry({ path: 'a/b/c' }),
      entry({ path: 'a', type: 'directory' }),
      entry({ path: 'a/d' }),
    ]
    expect(await readBack(await written(entries))).toHaveLength(3)
  })

  it.each([
    ['a symlink without a target', entry({ path: 'a', type: 'symlink' })],
    ['a file with a target', entry({ path: 'a', linkPath: 'b' })],
    ['a hard link to outside', entry({ path: 'a', type: 'hardlink', linkPath: '../b' })],
    ['a link target with NUL', entry({ path: 'a', type: 'symlink', linkPath: 'b\0' })],
    ['a directory with content', { ...file('a', 'x'), type: 'directory' as const }],
    ['a file without content', entry({ path: 'a', size: 1 })],
    ['a mode with type bits', entry({ path: 'a', mode: 0o100644 })],
    ['a negative owner', entry({ path: 'a', uid: -1 })],
    ['a fractional time', entry({ path: 'a', mtime: 0.5 })],
    ['a fractional size', entry({ path: 'a', size: 0.5 })],
    ['a device without numbers', entry({ path: 'a', type: 'block-device' })],
    [
      'a device number that is too large',
      entry({ path: 'a', type: 'block-device', devmajor: 2 ** 21, devminor: 0 }),
    ],
    ['a file with device numbers', entry({ path: 'a', devmajor: 1, devminor: 0 })],
    ['an attribute name with =', entry({ path: 'a', xattrs: new Map([['a=b', new Uint8Array()]]) })],
    ['an owner name with NUL', entry({ path: 'a', uname: 'a\0b' })],
  ])('%s', async (_, one) => {
    expect(await failure([one])).toEqual(coded('TAR_INVALID_ENTRY', /cannot write the layer: "a"/))
  })

  it.each([
    ['has more than the 3 bytes', 3, 'four'],
    ['has 4 bytes instead of 5', 5, 'four'],
    ['has more than the 100000 bytes', 100_000, 'x'.repeat(100_001)],
    ['has 99999 bytes instead of 100000', 100_000, 'x'.repeat(99_999)],
  ])('content that %s', async (what, size, text) => {
    const one = entry({ path: 'a', size, content: fromText(text) })
    expect(await failure([one])).toEqual(coded('TAR_SIZE_MISMATCH', new RegExp(what)))
  })

  it('to go on when it is cancelled', async () => {
    const cancelled = AbortSignal.abort()
    const writing = collect(writeTar([entry({ path: 'a' })], { signal: cancelled }), 1 << 20, 'all')
    await expect(writing).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
