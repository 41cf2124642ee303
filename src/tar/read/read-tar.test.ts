import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/index.ts'
import type { TarEntry } from '../entry.ts'
import { TarError } from '../tar-error.ts'
import { archive, header, inChunks, member, pax, type RawHeader, resealed } from '../testdata/raw-archive.ts'
import { coded, readArchive, type ReadEntry, readingError, signal } from '../testdata/read-archive.ts'
import { readTar } from './read-tar.ts'

const only = async (bytes: Uint8Array) => (await readArchive(bytes))[0]

describe('readTar reads', () => {
  it('ustar', async () => {
    const fields: RawHeader = { name: 'c', prefix: 'a/b', mode: '0004755\0', mtime: '14532361000\0' }
    const bytes = archive(member({ ...fields, uid: '0001750\0' }, 'hello'))
    expect(await only(bytes)).toEqual({
      path: 'a/b/c',
      rawPath: 'a/b/c',
      type: 'file',
      mode: 0o4755,
      uid: 1000,
      gid: 0,
      mtime: 0o14532361000,
      size: 5,
      problems: [],
      offset: 512,
      content: 'hello',
    })
  })

  it('v7, where a slash makes the directory and the prefix is not one', async () => {
    const v7: RawHeader = { magic: '', type: '\0', prefix: 'no/prefix' }
    const entries = await readArchive(
      archive(member({ ...v7, name: 'd/' }), member({ ...v7, name: 'd/f' }, 'x')),
    )
    expect(entries.map(({ path, type, content }) => [path, type, content])).toEqual([
      ['d', 'directory', ''],
      ['d/f', 'file', 'x'],
    ])
  })

  it('GNU long names and long links', async () => {
    const gnu = { magic: 'ustar  \0' }
    const [long, target] = ['n/'.repeat(200), 't'.repeat(300)]
    const bytes = archive(
      member({ name: '././@LongLink', type: 'K', ...gnu }, `${target}\0`),
      member({ name: '././@LongLink', type: 'L', ...gnu }, `${long}name\0`),
      member({ name: 'short', link: 'short', type: '2', ...gnu, prefix: 'not a prefix' }),
    )
    expect(await only(bytes)).toMatchObject({ path: `${long}name`, type: 'symlink', linkPath: target })
  })

  it('base-256 numbers', async () => {
    const bytes = archive(
      member(
        {
          uid: '\x80\0\0\0\0\x3d\x09\0',
          mtime: '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff',
          size: '\x80\0\0\0\0\0\0\0\0\0\0\x03',
        },
        'abc',
      ),
    )
    expect(await only(bytes)).toMatchObject({ uid: 4_000_000, mtime: -1, size: 3, content: 'abc' })
  })

  it('checksums of old writers that summed signed bytes', async () => {
    const bytes = archive(member({ name: 'caf\xe9', signedChecksum: true }))
    expect(await only(bytes)).toMatchObject({ path: 'caf\udce9' })
  })

  it('PAX records over the header, empty ones not', async () => {
    const bytes = archive(
      pax([
        'path=große/ü',
        'uid=5000000',
        'gid=',
        'mtime=-1.5',
        'uname=ö',
        'SCHILY.xattr.user.a=\0b=c',
        'comment=x',
      ]),
      member({ name: 'ascii' }, 'x'),
      member({ name: 'next' }),
    )
    const [first, next] = await readArchive(bytes)
    expect(first).toMatchObject({
      path: 'gro\udcdfe/\udcfc',
      uid: 5_000_000,
      gid: 0,
      mtime: -1.5,
      uname: '\udcf6',
    })
    expect(first?.xattrs).toEqual(new Map([['user.a', new Uint8Array(Buffer.from('\0b=c'))]]))
    expect(next).toMatchObject({ path: 'next', uid: 0 })
    expect(next).not.toHaveProperty('xattrs')
  })

  it('a size that only PAX can hold', async () => {
    const bytes = archive(
      pax(['size=3']),
      Buffer.concat([header({ name: 'f' }), Buffer.from('abc'), Buffer.alloc(509)]),
    )
    expect(await only(bytes)).toMatchObject({ size: 3, content: 'abc' })
  })

  it('global PAX headers as defaults', async () => {
    const bytes = archive(
      pax(['uid=7', 'comment=abc'], 'g'),
      pax(['uid=8']),
      member({ name: 'a' }),
      pax(['gid=9'], 'g'),
      member({ name: 'b' }),
    )
    expect((await readArchive(bytes)).map(({ uid, gid }) => [uid, gid])).toEqual([
      [8, 0],
      [7, 9],
    ])
  })

  it('devices, pipes, contiguous files and labels', async () => {
    const bytes = archive(
      member({ name: 'label', type: 'V' }),
      member({ name: 'c', type: '3', devmajor: '0000001\0', devminor: '0000003\0' }),
      member({ name: 'b', type: '4' }),
      member({ name: 'p', type: '6' }),
      member({ name: 'f', type: '7' }, 'x'),
      member({ name: 'dump', type: 'D' }, 'Yfile\0\0'),
    )
    const entries = await readArchive(bytes)
    expect(entries.map(({ type, content }) => [type, content])).toEqual([
      ['character-device', ''],
      ['block-device', ''],
      ['fifo', ''],
      ['file', 'x'],
      ['directory', ''],
    ])
    expect(entries[0]).toMatchObject({ devmajor: 1, devminor: 3 })
  })

  it.each(['1', '2', '3', '5', '6'])(
    'type %s as one without content, whatever its size says',
    async (type) => {
      const lying = header({ name: 'l', type, link: 'x', size: '00000001000\0' })
      const entries = await readArchive(archive(lying, member({ name: 'after' }, 'x')))
      expect(entries.map(({ path, size }) => [path, size])).toEqual([
        ['l', 0],
        ['after', 1],
      ])
    },
  )

  it.each([1, 7, 511, 512, 513, 100_000])('chunks of %d bytes', async (chunk) => {
    const bytes = archive(member({ name: 'a' }, 'x'.repeat(1025)), pax(['path=b']), member({}, 'y'))
    expect((await readArchive(bytes, { chunk })).map(({ path, content }) => [path, content.length])).toEqual([
      ['a', 1025],
      ['b', 1],
    ])
  })

  it('an archive that ends without its mark, or is empty', async () => {
    expect(await readArchive(member({ name: 'a' }, 'x'))).toHaveLength(1)
    expect(await readArchive(Buffer.concat([member({ name: 'a' }, 'x'), Buffer.alloc(512)]))).toHaveLength(1)
    expect(await readArchive(new Uint8Array())).toEqual([])
  })

  it('to the end of the stream behind the mark', async () => {
    let ended = false
    const stream = (async function* () {
      yield* inChunks(Buffer.concat([archive(member({ name: 'a' })), Buffer.alloc(10_000)]), 600)
      ended = true
    })()
    for await (const entry of readTar(stream, { signal, paths: 'strict' })) expect(entry.path).toBe('a')
    expect(ended).toBe(true)
  })
})

describe('bodies', () => {
  const two = archive(member({ name: 'a' }, 'x'.repeat(5000)), member({ name: 'b' }, 'y'))

  it('may be left unread, wholly or in part', async () => {
    const paths: string[] = []
    for await (const { path, body } of readTar(inChunks(two), { signal, paths: 'strict' })) {
      paths.push(path)
      for await (const chunk of body) if (chunk.length > 0) break
    }
    expect(paths).toEqual(['a', 'b'])
  })

  it('are read once', async () => {
    const stream = readTar(inChunks(two), { signal, paths: 'strict' })
    const { value } = await stream.next()
    const body = (value as TarEntry).body
    await collect(body, 1 << 20, 'body')
    await expect(collect(body, 1 << 20, 'body')).rejects.toMatchObject({ code: 'TAR_BODY_GONE' })
    await stream.return(undefined)
  })

  it('are gone with the next entry', async () => {
    const stream = readTar(inChunks(two), { signal, paths: 'strict' })
    const { value } = await stream.next()
    const { body } = value as TarEntry
    const late = body[Symbol.asyncIterator]()
    await late.next()
    await stream.next()
    await expect(late.next()).rejects.toMatchObject({ code: 'TAR_BODY_GONE' })
    await stream.return(undefined)
  })

  it('are gone with the reader, which closes its input', async () => {
    let closed = false
    const input = (async function* () {
      try {
        yield* inChunks(two, 600)
      } finally {
        closed = true
      }
    })()
    let body: AsyncIterable<Uint8Array> | undefined
    for await (const entry of readTar(input, { signal, paths: 'strict' })) {
      body = entry.body
      break
    }
    expect(closed).toBe(true)
    const late = async () => await collect(body as AsyncIterable<Uint8Array>, 1 << 20, 'body')
    await expect(late()).rejects.toMatchObject({ code: 'TAR_BODY_GONE' })
  })
})

describe('readTar refuses', () => {
  const sound = archive(pax(['path=a']), member({}, 'x'.repeat(600)))

  it('an archive that is cut anywhere but between two members', async () => {
    const between = new Set([0, 512 * 5, 512 * 6])
    for (let end = 0; end < 512 * 6; end += 64) {
      if (between.has(end)) continue
      expect(await readingError(sound.subarray(0, end))).toEqual(
        coded('TAR_TRUNCATED', /ends at byte \d+, in/),
      )
    }
  })

  it.each([
    ['bytes that are no archive', Buffer.from('<!doctype html>'.repeat(100))],
    ['a wrong checksum', archive(member({ checksumError: 1 }))],
    ['a size that is no number', archive(member({ size: 'x0000000000\0' }))],
    ['a negative size', archive(member({ size: '\xff'.repeat(12) }))],
    ['a negative owner', archive(member({ uid: '\xff'.repeat(8) }))],
    ['a size beyond exact numbers', archive(member({ size: '\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff' }))],
    ['a broken PAX record', archive(member({ type: 'x' }, '99 path=a\n'), member({}))],
    ['a PAX size that is no number', archive(pax(['size=-1']), member({}))],
    ['a PAX time that is no number', archive(pax(['mtime=1e9']), member({}))],
    ['more behind a lone zero block', Buffer.concat([Buffer.alloc(512), archive(member({}))])],
  ])('%s', async (_, bytes) => {
    expect(await readingError(bytes)).toEqual(coded('TAR_MALFORMED', /the archive/))
  })

  it.each([
    ['a continued volume', archive(member({ type: 'M' }))],
    ['an unknown type', archive(member({ type: 'Q' }))],
    ['a global path', archive(pax(['path=a'], 'g'), member({}))],
    ['a global size', archive(pax(['size=5'], 'g'), member({}))],
  ])('%s', async (_, bytes) => {
    expect(await readingError(bytes)).toEqual(coded('TAR_UNSUPPORTED'))
  })

  it.each([
    ['entries', { maxEntries: 1 }, archive(member({ name: 'a' }), member({ name: 'b' }))],
    ['a long name', { maxPathBytes: 300 }, archive(pax([`path=${'x'.repeat(301)}`]), member({}))],
    [
      'a long target',
      { maxPathBytes: 300 },
      archive(pax([`linkpath=${'x'.repeat(301)}`]), member({ type: '2' })),
    ],
    ['names', { maxTotalPathBytes: 15 }, archive(member({ name: '12345678' }), member({ name: '12345679' }))],
    ['segments', { maxDepth: 3 }, archive(member({ name: 'a/b/c/d' }))],
    [
      'an extended header',
      { maxExtendedHeaderBytes: 100 },
      archive(pax([`path=${'x'.repeat(100)}`]), member({})),
    ],
    [
      'a GNU long name',
      { maxExtendedHeaderBytes: 100 },
      archive(member({ type: 'L' }, 'x'.repeat(101)), member({})),
    ],
    ['bytes', { maxBytes: 5000 }, archive(member({}, 'x'.repeat(5000)))],
    ['bytes that a header promises', { maxBytes: 5000 }, header({ size: '00000011611\0' })],
  ])('more than the limit of %s', async (_, limits, bytes) => {
    expect(await readingError(bytes, { limits })).toEqual(coded('TAR_LIMIT'))
  })

  it('an extended header that promises gigabytes, before it reads them', async () => {
    const promise = header({ type: 'x', size: '77777777777\0' })
    expect(await readingError(promise)).toEqual(coded('TAR_LIMIT', /extended header of 8589934591 bytes/))
  })

  it('to go on when it is cancelled, and says what it read', async () => {
    expect(await readingError(sound, { signal: AbortSignal.abort() })).toMatchObject({ code: 'INTERRUPTED' })
    expect(await readingError(sound.subarray(0, 700), { name: 'left-pad-1.3.0.tgz' })).toEqual(
      coded('TAR_TRUNCATED', /^left-pad-1\.3\.0\.tgz ends at byte 700/),
    )
  })
})

describe('names that lead elsewhere', () => {
  const hostile: [string, Uint8Array[]][] = [
    ['parent-segment', [member({ name: '../../etc/passwd' })]],
    ['absolute-path', [member({ name: '/etc/passwd' })]],
    ['nul-byte', [pax(['path=a\0b']), member({})]],
    ['empty-path', [member({ name: '' })]],
    ['link-escape', [member({ name: 'package/l', type: '2', link: '../../etc' })]],
    ['link-escape', [member({ name: 'package/l', type: '1', link: '../etc' })]],
    ['absolute-link', [member({ name: 'package/l', type: '1', link: '/etc/passwd' })]],
    ['empty-link', [member({ name: 'package/l', type: '2' })]],
    ['beneath-symlink', [member({ name: 'd', type: '2', link: 'e' }), member({ name: 'd/x' })]],
    [
      'beneath-symlink',
      [member({ name: 'd', type: '2', link: 'e' }), member({ name: 'h', type: '1', link: 'd/x' })],
    ],
  ]

  it.each(hostile)('%s is refused when strict and named', async (_, members) => {
    const refusal = coded('TAR_UNSAFE_PATH', /^x\.tgz: the entry ".*" (has|goes|links|is)/)
    expect(await readingError(archive(...members), { paths: 'strict', name: 'x.tgz' })).toEqual(refusal)
  })

  it.each(hostile)('%s is reported otherwise', async (problem, members) => {
    const entries = await readArchive(archive(...members))
    expect(entries.at(-1)?.problems).toEqual([problem])
  })

  it('strict allows absolute symbolic links, which root file systems have', async () => {
    const bytes = archive(member({ name: './etc/alternatives/x', type: '2', link: '/usr/bin/x' }))
    const entries = await readArchive(bytes, { paths: 'strict' })
    expect(entries).toMatchObject([{ path: 'etc/alternatives/x', problems: ['absolute-link'] }])
  })

  it('a directory that replaces a symbolic link is one', async () => {
    const bytes = archive(
      member({ name: 'd', type: '2', link: 'e' }),
      member({ name: 'd/', type: '5' }),
      member({ name: 'd/x' }),
    )
    expect(await readArchive(bytes, { paths: 'strict' })).toHaveLength(3)
  })

  it.each(['3', '4', '6'])('strict refuses a device or pipe (type %s)', async (type) => {
    expect(await readingError(archive(member({ name: 'dev', type })), { paths: 'strict' })).toEqual(
      coded('TAR_SPECIAL_FILE', /the entry "dev" is a/),
    )
  })
})

describe('damaged archives', () => {
  const sound = archive(
    pax(['path=long/name', 'mtime=1.5', 'SCHILY.xattr.user.a=b']),
    member({ name: 'short' }, 'x'.repeat(700)),
    member({ name: 'l', type: 'L', magic: 'ustar  \0' }, 'd/'.repeat(60)),
    member({ name: 'd', type: '5', magic: 'ustar  \0' }),
    pax(['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.name=s', 'GNU.sparse.realsize=2000']),
    member({ name: 's' }, `1\n500\n3\n${'\0'.repeat(504)}abc`),
    member({ name: 'link', type: '2', link: '../../x' }),
  )
  const change = fc.tuple(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 255 }))
  const limits = { maxBytes: 1 << 20, maxEntries: 100 }

  it('are read to the end or refused with a code, in bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 6 }),
        fc.nat({ max: sound.length }),
        async (changes, end) => {
          const damaged = Buffer.from(sound)
          for (const [at, value] of changes) damaged[at] = value
          // Only with right checksums does the damage get further than the first check.
          const sealed = changes.length % 2 === 0 ? resealed(damaged) : damaged
          const result = await readingError(sealed.subarray(0, end < 4000 ? end : undefined), { limits })
          expect(Array.isArray(result) || result instanceof TarError).toBe(true)
          if (Array.isArray(result)) {
            const entries = result as ReadEntry[]
            expect(entries.reduce((sum, { content }) => sum + content.length, 0)).toBeLessThanOrEqual(
              limits.maxBytes,
            )
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
