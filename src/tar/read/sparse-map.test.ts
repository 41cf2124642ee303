import { describe, expect, it } from 'vitest'
import { archive, header, inChunks, member, octal, pax, type RawHeader } from '../testdata/raw-archive.ts'
import { coded, readArchive, readingError, signal } from '../testdata/read-archive.ts'
import { readTar } from './read-tar.ts'

describe('sparse files', () => {
  const expected = `${'\0'.repeat(1000)}abc${'\0'.repeat(997)}de${'\0'.repeat(8)}`
  const field = (...numbers: number[]) => numbers.map((n) => `${octal(n, 11)}\0`).join('')
  const old = (fields: RawHeader, regions: string, realSize: string, extended = '\0') =>
    header({
      type: 'S',
      magic: 'ustar  \0',
      ...fields,
      patches: [
        [386, regions],
        [482, extended],
        [483, realSize],
      ],
    })
  const data = (text: string) => Buffer.concat([Buffer.from(text), Buffer.alloc(512 - text.length)])

  const encodings: [string, Uint8Array][] = [
    [
      'the old header',
      archive(
        old({ size: field(5) }, field(1000, 3, 2000, 2), field(2010)),
        data('abcde'),
        member({ name: 'next' }),
      ),
    ],
    [
      'the old header, continued',
      archive(
        old({ size: field(5) }, field(1000, 1, 1001, 1, 1002, 1, 1003, 0), field(2010), '\x01'),
        data(field(2000, 2)),
        data('abcde'),
        member({ name: 'next' }),
      ),
    ],
    [
      'PAX 0.0',
      archive(
        pax([
          'GNU.sparse.size=2010',
          'GNU.sparse.numblocks=2',
          'GNU.sparse.offset=1000',
          'GNU.sparse.numbytes=3',
          'GNU.sparse.offset=2000',
          'GNU.sparse.numbytes=2',
        ]),
        member({}, 'abcde'),
        member({ name: 'next' }),
      ),
    ],
    [
      'PAX 0.1',
      archive(
        pax([
          'GNU.sparse.name=file',
          'GNU.sparse.size=2010',
          'GNU.sparse.numblocks=2',
          'GNU.sparse.map=1000,3,2000,2',
        ]),
        member({ name: 'GNUSparseFile.1/file' }, 'abcde'),
        member({ name: 'next' }),
      ),
    ],
    [
      'PAX 1.0',
      archive(
        pax(['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.name=file', 'GNU.sparse.realsize=2010']),
        member(
          { name: 'GNUSparseFile.1/file' },
          Buffer.concat([data('2\n1000\n3\n2000\n2\n'), Buffer.from('abcde')]),
        ),
        member({ name: 'next' }),
      ),
    ],
  ]

  it.each(encodings)('are expanded: %s', async (_, bytes) => {
    const [sparse, next] = await readArchive(bytes)
    expect(sparse).toMatchObject({ path: 'file', type: 'file', size: 2010, content: expected })
    expect(next?.path).toBe('next')
  })

  it.each(encodings)('are skipped unread: %s', async (_, bytes) => {
    const sizes: number[] = []
    for await (const { size } of readTar(inChunks(bytes), { signal, paths: 'strict' })) sizes.push(size)
    expect(sizes).toEqual([2010, 0])
  })

  it.each([
    ['regions in the wrong order', old({ size: field(5) }, field(2000, 2, 1000, 3), field(2010))],
    ['regions beyond the size', old({ size: field(5) }, field(1000, 3, 2000, 2), field(2001))],
    ['fewer bytes than its regions', old({ size: field(4) }, field(1000, 3, 2000, 2), field(2010))],
    ['a size that is no number', old({ size: field(0) }, '', 'xxxxxxxxxxx\0')],
  ])('are refused with %s', async (_, bytes) => {
    expect(await readingError(archive(bytes, data('abcde')))).toEqual(
      coded('TAR_MALFORMED', /sparse file's map/),
    )
  })

  it.each([
    ['TAR_MALFORMED', pax(['GNU.sparse.size=10', 'GNU.sparse.offset=1'])],
    ['TAR_MALFORMED', pax(['GNU.sparse.size=10', 'GNU.sparse.map=0,1,x,1'])],
    ['TAR_MALFORMED', pax(['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.realsize=10'])],
    ['TAR_UNSUPPORTED', pax(['GNU.sparse.major=2', 'GNU.sparse.minor=0'])],
  ])('are refused with %s for odd PAX records', async (code, records) => {
    expect(await readingError(archive(records, member({}, 'abcde')))).toEqual(coded(code))
  })

  it('are refused when their map does not end', async () => {
    const bytes = archive(
      pax(['GNU.sparse.major=1', 'GNU.sparse.minor=0', 'GNU.sparse.realsize=10']),
      member({}, `9999999\n${'1\n'.repeat(600_000)}`),
    )
    expect(await readingError(bytes)).toEqual(coded('TAR_LIMIT', /map is larger than/))
  })

  it('count with their holes against the limit of bytes', async () => {
    const huge = old({ size: field(0) }, '', '\x80\0\0\0\0\0\x10\0\0\0\0\0')
    expect(await readingError(archive(huge))).toEqual(coded('TAR_LIMIT', /bytes of content/))
  })
})
