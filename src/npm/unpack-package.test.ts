import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CodedError, collect, fromBytes } from '../base/index.ts'
import { type LockedPackage, parsePackageLock } from '../lockfile/index.ts'
import { MemoryBudget } from './memory-budget.ts'
import { Spool } from './spool.ts'
import { findInPackage, unpackPackage } from './unpack-package.ts'

const { signal } = new AbortController()

interface Member {
  name: string
  /** tar's type flag; default: a file */
  type?: string
  text?: string
  mode?: number
  link?: string
}

/** A tar file with whatever names and types one likes. */
function archive(members: readonly Member[]): Uint8Array {
  const blocks = members.flatMap(({ name, type = '0', text = '', mode = 0o644, link = '' }) => {
    const header = Buffer.alloc(512)
    const number = (value: number, at: number, length: number) =>
      header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
    header.write(name, 0, 100, 'utf8')
    number(mode, 100, 8)
    number(0, 108, 8)
    number(0, 116, 8)
    number(Buffer.byteLength(text), 124, 12)
    number(0, 136, 12)
    header.write(' '.repeat(8), 148, 'latin1')
    header.write(type, 156, 'latin1')
    header.write(link, 157, 100, 'utf8')
    header.write('ustar\u000000', 257, 'latin1')
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512)
    body.write(text)
    return [header, body]
  })
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]))
}

function lockedAs(entry: Record<string, unknown>): LockedPackage {
  const packages = { '': {}, 'node_modules/odd': { version: '1.0.0', ...entry } }
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  return lock.packages.get('node_modules/odd') as LockedPackage
}

const odd = lockedAs({ resolved: 'https://registry.example/odd/-/odd-1.0.0.tgz' })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unpack-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function unpack(
  tarball: Uint8Array,
  { locked = odd, memory = 1 << 20 } = {},
): Promise<Record<string, string>> {
  await using spool = new Spool(join(folder, 'spool'), new MemoryBudget(memory))
  const files = await unpackPackage(locked, fromBytes(tarball), spool, signal)
  const listed: Record<string, string> = {}
  for (const { path, type, mode, size, content } of files) {
    const text = Buffer.from(await collect(content({ signal }), size, path)).toString()
    listed[path] = type === 'directory' ? `${mode.toString(8)} folder` : `${mode.toString(8)} ${text}`
  }
  return listed
}

async function failure(members: readonly Member[]): Promise<CodedError> {
  const outcome = await unpack(archive(members)).catch((error: unknown) => error)
  if (outcome instanceof CodedError) return outcome
  throw new RangeError(`no failure: ${JSON.stringify(outcome)}`)
}

describe('unpackPackage', () => {
  it('drops the first folder, whatever it is called, and makes folders of names', async () => {
    expect(
      await unpack(
        archive([
          { name: 'package/package.json', text: '{}' },
          { name: 'other/lib/deep/a.js', text: 'a' },
          { name: 'top-level', text: 'lost' },
        ]),
      ),
    ).toEqual({
      'package.json': '644 {}',
      lib: '755 folder',
      'lib/deep': '755 folder',
      'lib/deep/a.js': '644 a',
    })
  })

  it('leaves out links that stay inside, empty folders, and what a file without folder would be', async () => {
    expect(
      await unpack(
        archive([
          { name: 'p/', type: '5' },
          { name: 'p/empty/', type: '5' },
          { name: 'p/a', text: 'a' },
          { name: 'p/link', type: '2', link: 'a' },
          { name: 'p/hard', type: '1', link: 'p/a' },
        ]),
      ),
    ).toEqual({ a: '644 a' })
  })

  it.each([
    [0o644, '644'],
    [0o600, '644'],
    [0o400, '644'],
    [0o777, '755'],
    [0o711, '755'],
    [0o744, '744'],
    [0o664, '644'],
    [0o4750, '4754'],
    [0, '644'],
  ])('makes mode %o %s', async (mode, expected) => {
    expect(await unpack(archive([{ name: 'p/a', mode }]))).toEqual({ a: `${expected} ` })
  })

  it('makes commands executable where npm would look the package up by name, or takes it from a file', async () => {
    const tarball = archive([{ name: 'p/bin/a.js' }])
    const bin = { a: 'bin/a.js' }
    expect(await unpack(tarball, { locked: lockedAs({ bin }) })).toMatchObject({ 'bin/a.js': '755 ' })
    expect(await unpack(tarball, { locked: lockedAs({ bin, resolved: 'file:a.tgz' }) })).toMatchObject({
      'bin/a.js': '755 ',
    })
    expect(await unpack(tarball, { locked: lockedAs({ bin, resolved: odd.resolved }) })).toMatchObject({
      'bin/a.js': '644 ',
    })
  })

  it('takes .gitignore for a missing .npmignore', async () => {
    expect(
      await unpack(
        archive([
          { name: 'p/.gitignore', text: 'top' },
          { name: 'p/a/.npmignore', text: 'npm' },
          { name: 'p/a/.gitignore', text: 'git' },
          { name: 'p/b/.gitignore', text: 'git' },
          { name: 'p/b/.npmignore', text: 'npm' },
        ]),
      ),
    ).toEqual({
      '.npmignore': '644 top',
      a: '755 folder',
      'a/.npmignore': '644 npm',
      b: '755 folder',
      'b/.npmignore': '644 npm',
    })
  })

  it('takes the content of the later and the mode of the earlier of two files with one name; case matters', async () => {
    expect(
      await unpack(
        archive([
          { name: 'p/a', text: '1', mode: 0o755 },
          { name: 'p/a', text: '22' },
          { name: 'p/A', text: '3' },
        ]),
      ),
    ).toEqual({ A: '644 3', a: '755 22' })
  })

  it.each([
    [{ name: 'p/../../evil' }, 'p/../../evil'],
    [{ name: '../evil' }, '../evil'],
    [{ name: '/etc/passwd' }, '/etc/passwd'],
    [{ name: 'p/device', type: '3' }, 'p/device'],
    [{ name: 'p/pipe', type: '6' }, 'p/pipe'],
    [{ name: 'p/link', type: '2', link: '../../etc' }, 'p/link'],
    [{ name: 'p/hard', type: '1', link: '../etc/passwd' }, 'p/hard'],
  ] satisfies [Member, string][])('refuses %j, naming package and entry', async (member, entry) => {
    const error = await failure([{ name: 'p/package.json', text: '{}' }, member])
    expect(error).toMatchObject({ code: 'NPM_TARBALL_INVALID', kind: 'environment' })
    expect(error.message).toContain('odd@1.0.0')
    expect(error.message).toContain(entry)
  })

  it('refuses a file behind a link', async () => {
    const error = await failure([
      { name: 'p/out', type: '2', link: 'lib' },
      { name: 'p/out/evil', text: 'x' },
    ])
    expect(error.message).toContain('p/out/evil')
  })

  it.each([[[{ name: 'p/a' }, { name: 'p/a/b' }]], [[{ name: 'p/a/b' }, { name: 'p/a' }]]])(
    'refuses a file in the place of a folder: %j',
    async (members) => {
      expect((await failure(members)).code).toBe('NPM_TARBALL_INVALID')
    },
  )

  it('refuses what is cut off or is no archive', async () => {
    const whole = archive([{ name: 'p/a', text: 'x'.repeat(5000) }])
    for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from('<html>not found</html>')]) {
      await expect(unpack(bytes)).rejects.toMatchObject({
        code: 'NPM_TARBALL_INVALID',
        message: /odd@1\.0\.0/,
      })
    }
  })

  it('keeps on disk what finds no room in memory, to be read even after the package was put away', async () => {
    const members = [1, 2, 3].map((n) => ({ name: `p/${n}`, text: `${n}`.repeat(n * 1000) }))
    const spool = new Spool(join(folder, 'spool'), new MemoryBudget(2500))
    const files = await unpackPackage(odd, fromBytes(archive(members)), spool, signal)
    await spool[Symbol.asyncDispose]()
    const texts = files.map(async ({ path, size, content }) =>
      String(await collect(content({ signal }), size, path)),
    )
    expect(await Promise.all(texts)).toEqual(['1'.repeat(1000), '2'.repeat(2000), '3'.repeat(3000)])
    expect(await readdir(folder)).toEqual(['spool'])
  })
})

describe('findInPackage', () => {
  it('reads one file', async () => {
    const tarball = fromBytes(
      archive([{ name: 'p/package.json', text: '{"libc":["musl"]}' }, { name: 'p/z' }]),
    )
    expect(String(await findInPackage(odd, tarball, 'package.json', signal))).toBe('{"libc":["musl"]}')
    expect(await findInPackage(odd, tarball, 'absent', signal)).toBeUndefined()
  })
})
