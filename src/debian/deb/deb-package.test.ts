import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect, fromBytes, type Source } from '../../base/index.ts'
import { TarError } from '../../tar/index.ts'
import { DebianError } from '../debian-error.ts'
import { arOf, debOf, options } from '../fixtures/test-archive.ts'
import { readControl, readData } from './deb-package.ts'
import { readAr } from './read-ar.ts'

const malformed = (why: string) => new DebianError('DEBIAN_PACKAGE_MALFORMED', why, { kind: 'environment' })

/** The same bytes in chunks of a given size. */
function inChunks(bytes: Uint8Array, size: number): Source {
  return async function* () {
    for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
  }
}

async function membersOf(content: Source, read = true): Promise<string[]> {
  const found: string[] = []
  for await (const { name, size, body } of readAr(content(options), malformed, options)) {
    const text = read ? Buffer.from(await collect(body, 1e6, name)).toString() : '-'
    found.push(`${name} ${size} ${text}`)
  }
  return found
}

describe('readAr', () => {
  const archive = arOf([
    ['debian-binary', Buffer.from('2.0\n')],
    ['odd', Buffer.from('abc')],
    ['empty', Buffer.alloc(0)],
    ['last/', Buffer.from('xyz')],
  ])

  it.each([1, 7, 64, 100000])('reads members from chunks of %d bytes', async (size) => {
    expect(await membersOf(inChunks(archive, size))).toEqual([
      'debian-binary 4 2.0\n',
      'odd 3 abc',
      'empty 0 ',
      'last 3 xyz',
    ])
    expect(await membersOf(inChunks(archive, size), false)).toEqual([
      'debian-binary 4 -',
      'odd 3 -',
      'empty 0 -',
      'last 3 -',
    ])
  })

  it.each([
    ['', 'is no ar archive'],
    ['!<arch>x', 'is no ar archive'],
    [archive.toString('latin1').slice(0, 50), 'ends inside a header'],
    [archive.toString('latin1').slice(0, 70), 'ends inside a member'],
    [archive.toString('latin1').replace('4         `', '-4        `'), 'has a header that is none'],
    [archive.toString('latin1').replace('`\n', '`x'), 'has a header that is none'],
  ])('refuses what is broken', async (text, why) => {
    await expect(membersOf(fromBytes(Buffer.from(text, 'latin1')))).rejects.toThrow(why)
  })
})

describe('.deb', () => {
  const read = async (content: Uint8Array) => {
    const deb = { name: 'x.deb', content: fromBytes(content) }
    const control = await readControl(deb, options)
    const data: string[] = []
    for await (const entry of readData(deb, options)) data.push(`${entry.type} ${entry.path}`)
    return { control: [...control.keys()], data }
  }
  const good = debOf({
    name: 'x',
    control: { postinst: 'true' },
    files: [{ path: 'usr/' }, { path: 'usr/x', text: 'x' }],
  })

  it('has control files and data', async () => {
    expect(await read(await good)).toEqual({
      control: ['control', 'postinst'],
      data: ['directory usr', 'file usr/x'],
    })
  })

  it.each<[string, [string, Uint8Array][]]>([
    ['does not begin with debian-binary', [['control.tar.gz', Buffer.from('')]]],
    ['has format version "3.0"', [['debian-binary', Buffer.from('3.0\n')]]],
    ['has no control.tar', [['debian-binary', Buffer.from('2.0\n')]]],
    [
      'has control.tar.lzma, compressed in a way that cannot be read',
      [
        ['debian-binary', Buffer.from('2.0\n')],
        ['control.tar.lzma', Buffer.from('')],
      ],
    ],
    [
      'has no control file',
      [
        ['debian-binary', Buffer.from('2.0\n')],
        ['control.tar.gz', gzipSync(Buffer.alloc(1024))],
      ],
    ],
  ])('is refused when it %s', async (why, members) => {
    await expect(read(arOf(members))).rejects.toMatchObject({
      code: 'DEBIAN_PACKAGE_MALFORMED',
      message: `x.deb ${why}`,
    })
  })

  it('fails with a coded error, and nothing else, when it is cut or changed', async () => {
    const bytes = await good
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const broken = cut ? bytes.subarray(0, at) : Buffer.from(bytes)
        if (!cut) broken[at] = byte
        const error: unknown = await read(broken).then(
          () => undefined,
          (reason: unknown) => reason,
        )
        expect(error === undefined || error instanceof DebianError || error instanceof TarError).toBe(true)
      }),
    )
  })
})
