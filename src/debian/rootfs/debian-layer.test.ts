import { describe, expect, it } from 'vitest'
import { collect, fromBytes } from '../../base/index.ts'
import { parsePlatform } from '../../oci/index.ts'
import type { LayerEntry } from '../../tar/index.ts'
import { architectureOf } from '../architecture.ts'
import { parseRelations } from '../control/relation.ts'
import { DebianError } from '../debian-error.ts'
import { debOf, options, type TestFile, type TestPackage } from '../fixtures/test-archive.ts'
import type { ResolvedPackage } from '../resolution/resolved-package.ts'
import { debianLayer } from './debian-layer.ts'

function resolve({ name, version = '1', architecture = 'amd64', fields = '' }: TestPackage): ResolvedPackage {
  const malformed = (why: string) => new DebianError('DEBIAN_INDEX_MALFORMED', why, { kind: 'environment' })
  const replaces = parseRelations(/Replaces: (.*)/.exec(fields)?.[1], malformed).flat()
  const multiArch = /Multi-Arch: (.*)/.exec(fields)?.[1] ?? 'no'
  const file = { archiveUri: '', filename: '', size: 0, sha256: '' }
  return { name, version, architecture, multiArch, source: { name, version }, replaces, ...file }
}

function layerOf(packages: readonly TestPackage[], platform = 'linux/amd64'): AsyncGenerator<LayerEntry> {
  return debianLayer(
    {
      architecture: architectureOf(parsePlatform(platform)),
      packages: packages.map(resolve),
      mtime: 42,
      open: async ({ name }) =>
        fromBytes(await debOf(packages.find((given) => given.name === name) as TestPackage)),
    },
    options,
  )
}

interface Written extends LayerEntry {
  text: string | undefined
}

/** Everything that is written, with contents read as it passes by, as a layer writer does. */
async function written(packages: readonly TestPackage[], platform?: string): Promise<Map<string, Written>> {
  const entries = new Map<string, Written>()
  for await (const entry of layerOf(packages, platform)) {
    const bytes = entry.content ? await collect(entry.content(options), 2 ** 30, entry.path) : undefined
    expect(bytes?.byteLength ?? 0).toBe(entry.size)
    expect(entries.has(entry.path)).toBe(false)
    entries.set(entry.path, { ...entry, text: bytes && Buffer.from(bytes).toString() })
  }
  return entries
}

const folders = (...paths: string[]): TestFile[] => paths.map((path) => ({ path: `${path}/` }))
const baseFiles: TestPackage = {
  name: 'base-files',
  control: {
    conffiles: '/etc/debian_version\n',
    md5sums: 'sum  usr/share/base-files/profile\n',
    templates: 'x',
  },
  files: [
    ...folders(
      '.',
      'bin',
      'etc',
      'lib',
      'run',
      'tmp',
      'usr',
      'usr/share',
      'usr/share/base-files',
      'var',
      'var/run',
    ),
    { path: 'etc/debian_version', text: '12\n' },
    { path: 'usr/share/base-files/profile', text: 'profile\n' },
  ],
}

describe('debianLayer', () => {
  it('has merged /usr, packages, configuration and the dpkg database, all of one time', async () => {
    const entries = await written([
      {
        name: 'a',
        files: [...folders('lib', 'lib/x'), { path: 'lib/x/libc.so.6', text: 'elf', mode: 0o755, gid: 8 }],
      },
      baseFiles,
    ])
    expect([...new Set([...entries.values()].map(({ mtime }) => mtime))]).toEqual([42])
    expect(entries.get('lib')).toMatchObject({ type: 'symlink', linkPath: 'usr/lib' })
    expect(entries.get('lib64')).toMatchObject({ type: 'symlink', linkPath: 'usr/lib64' })
    expect(entries.get('usr/lib/x/libc.so.6')).toMatchObject({ text: 'elf', mode: 0o755, gid: 8 })
    expect(entries.get('var/run')).toMatchObject({ type: 'symlink', linkPath: '/run' })
    expect(entries.get('etc/profile')?.text).toBe('profile\n')
    expect(entries.get('etc/passwd')?.text).toContain('node:x:1000:1000:node:/home/node:/bin/sh\n')
    expect(entries.get('home/node')).toMatchObject({ type: 'directory', uid: 1000, gid: 1000 })
    const first = [...entries.keys()]
    expect(first.indexOf('etc/debian_version')).toBeLessThan(first.indexOf('usr/lib/x'))
  })

  it('writes every folder before what is in it', async () => {
    const seen = new Set<string>([''])
    for (const [path, { type }] of await written([
      baseFiles,
      { name: 'a', files: [{ path: 'opt/deep/er/file' }] },
    ])) {
      expect(seen).toContain(path.split('/').slice(0, -1).join('/'))
      if (type === 'directory') seen.add(path)
    }
    expect(seen).toContain('opt/deep/er')
  })

  it('has /lib64 only where the ABI wants it', async () => {
    expect((await written([baseFiles], 'linux/arm64')).has('lib64')).toBe(false)
  })

  it('says to dpkg what is installed', async () => {
    const entries = await written([
      baseFiles,
      {
        name: 'libx',
        fields: 'Multi-Arch: same',
        control: { symbols: 'x', postinst: 'true' },
        files: folders('usr'),
      },
    ])
    const info = [...entries.values()].filter(
      ({ path, type }) => path.startsWith('var/lib/dpkg/info/') && type === 'file',
    )
    expect(
      info.map(({ path, mode }) => `${path.slice('var/lib/dpkg/info/'.length)} ${mode.toString(8)}`),
    ).toEqual([
      'format 644',
      'base-files.conffiles 644',
      'base-files.list 644',
      'base-files.md5sums 644',
      'libx:amd64.list 644',
      'libx:amd64.postinst 755',
    ])
    expect(entries.get('var/lib/dpkg/info/base-files.list')?.text?.split('\n').slice(0, 3)).toEqual([
      '/.',
      '/bin',
      '/etc',
    ])
    expect(entries.get('var/lib/dpkg/status')?.text).toBe(`Package: base-files
Status: install ok installed
Version: 1
Architecture: amd64
Conffiles:
 /etc/debian_version 2737b49252e2a4c0fe4c342e92b13285
Description: test

Package: libx
Status: install ok installed
Version: 1
Architecture: amd64
Multi-Arch: same
Description: test
`)
  })

  it('leaves documentation out, but copyright in', async () => {
    const entries = await written([
      baseFiles,
      {
        name: 'a',
        files: [
          ...folders('usr/share/doc', 'usr/share/doc/a', 'usr/share/man', 'usr/share/man/man1'),
          { path: 'usr/share/doc/a/changelog.gz' },
          { path: 'usr/share/doc/a/copyright', text: 'free' },
          { path: 'usr/share/man/man1/a.1.gz' },
          { path: 'usr/share/doc/b', linkPath: 'a' },
        ],
      },
    ])
    const shared = [...entries.keys()].filter((path) => /^usr\/share\/(doc|man)/.test(path))
    expect(shared).toEqual([
      'usr/share/doc',
      'usr/share/doc/a',
      'usr/share/man',
      'usr/share/doc/a/copyright',
      'usr/share/doc/b',
    ])
    expect(entries.get('var/lib/dpkg/info/a.list')?.text).toContain('/usr/share/man/man1/a.1.gz\n')
  })

  it('keeps what a package has where a script would have made something', async () => {
    const entries = await written([
      baseFiles,
      { name: 'a', files: [{ path: 'etc/nsswitch.conf', text: 'own' }] },
    ])
    expect(entries.get('etc/nsswitch.conf')?.text).toBe('own')
  })

  it('lets a package replace files of another, and refuses others that share one', async () => {
    const old: TestPackage = { name: 'a-old', files: [{ path: 'etc/x', text: 'old' }, { path: 'etc/y' }] }
    const successor: TestPackage = {
      name: 'new',
      fields: 'Replaces: a-old (<< 2)',
      files: [{ path: 'etc/x', text: 'new' }],
    }
    const entries = await written([baseFiles, old, successor])
    expect(entries.get('etc/x')?.text).toBe('new')
    expect(entries.get('var/lib/dpkg/info/a-old.list')?.text).toBe('/etc/y\n')
    await expect(
      written([baseFiles, old, { ...successor, fields: 'Replaces: a-old (<< 1)' }]),
    ).rejects.toMatchObject({
      code: 'DEBIAN_PACKAGE_CONFLICT',
      message: 'a-old and new both have /etc/x',
    })
  })

  it('streams large files, and finds them again later', async () => {
    const text = 'x'.repeat(3 << 20)
    const packages = [
      baseFiles,
      {
        name: 'a',
        files: [
          { path: 'usr/large', text },
          { path: 'usr/small', text: 's' },
        ],
      },
    ]
    expect((await written(packages)).get('usr/large')?.text).toBe(text)
    const kept: LayerEntry[] = []
    for await (const entry of layerOf(packages)) if (entry.path === 'usr/large') kept.push(entry)
    const [large] = kept
    for (const _ of [1, 2]) {
      const bytes = large?.content && (await collect(large.content(options), 2 ** 30, 'large'))
      expect(bytes && Buffer.from(bytes).toString()).toBe(text)
    }
  })

  it('keeps hard links, through merged /usr', async () => {
    const files: TestFile[] = [
      { path: 'bin/one', text: '1' },
      { path: 'bin/two', type: 'hardlink', linkPath: 'bin/one' },
    ]
    expect((await written([baseFiles, { name: 'a', files }])).get('usr/bin/two')).toMatchObject({
      type: 'hardlink',
      linkPath: 'usr/bin/one',
    })
  })

  it('refuses packages that are hostile', async () => {
    const hostile = (file: TestFile) => written([baseFiles, { name: 'a', files: [file] }])
    await expect(
      hostile({ path: 'dev/x', type: 'character-device', devmajor: 1, devminor: 3 }),
    ).rejects.toMatchObject({
      code: 'TAR_SPECIAL_FILE',
    })
    await expect(
      written([
        baseFiles,
        {
          name: 'a',
          files: [
            { path: 'usr/share/man/x' },
            { path: 'etc/x', type: 'hardlink', linkPath: 'usr/share/man/x' },
          ],
        },
      ]),
    ).rejects.toMatchObject({ code: 'DEBIAN_PACKAGE_MALFORMED' })
  })
})
