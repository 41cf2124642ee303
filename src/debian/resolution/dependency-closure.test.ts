import { describe, expect, it } from 'vitest'
import type { ArchivePackage, PackageIndex } from '../archive/package-index.ts'
import { parsePackageRecord } from '../control/package-record.ts'
import { dependencyClosure } from './dependency-closure.ts'

/** An index of packages, each given as `name version` and its other fields. */
function indexOf(packages: Record<string, string>): PackageIndex {
  const all: ArchivePackage[] = Object.entries(packages).map(([title, fields]) => {
    const [name, version] = title.split(' ') as [string, string]
    const common = `Architecture: amd64\nFilename: pool/${name}.deb\nSize: 1\nSHA256: ${'0'.repeat(64)}`
    const text = `Package: ${name}\nVersion: ${version}\n${common}\n${fields}`.trimEnd()
    return { ...parsePackageRecord(text, 'Packages'), archiveUri: 'https://m.example' }
  })
  return {
    named: (name) => all.filter((candidate) => candidate.name === name),
    providing: (name) => all.filter(({ provides }) => provides.some((provided) => provided.name === name)),
  }
}

function closure(wanted: string[], packages: Record<string, string>): string[] {
  const found = dependencyClosure(wanted, indexOf(packages), { suite: 'bookworm', architecture: 'amd64' })
  return found.map(({ name, version }) => `${name} ${version}`)
}

describe('dependencyClosure', () => {
  it('follows Depends and Pre-Depends through cycles, not Recommends', () => {
    expect(
      closure(['c'], {
        'a 1': 'Depends: b (= 1)',
        'b 1': 'Depends: a\nRecommends: d',
        'c 1': 'Pre-Depends: a',
        'd 1': '',
      }),
    ).toEqual(['a 1', 'b 1', 'c 1'])
  })

  it('takes the newest version', () => {
    expect(closure(['a'], { 'a 1.9': '', 'a 1.10': '', 'a 1.10~rc1': '' })).toEqual(['a 1.10'])
  })

  it('prefers the first alternative that can be had, and what is there already', () => {
    const packages = { 'a 1': 'Depends: missing | old (>= 2) | b | c', 'old 1': '', 'b 1': '', 'c 1': '' }
    expect(closure(['a'], packages)).toEqual(['a 1', 'b 1'])
    expect(closure(['a', 'c'], packages)).toEqual(['a 1', 'c 1'])
  })

  it('passes over an alternative that conflicts with what is there', () => {
    expect(
      closure(['x', 'a'], { 'a 1': 'Depends: b | c', 'b 1': 'Conflicts: x', 'c 1': '', 'x 1': '' }),
    ).toEqual(['a 1', 'c 1', 'x 1'])
  })

  it('finds virtual packages: by priority, then by name', () => {
    const providers = {
      'z 1': 'Provides: v\nPriority: important',
      'y 1': 'Provides: v',
      'x 1': 'Provides: v',
    }
    expect(closure(['a'], { 'a 1': 'Depends: v', ...providers })).toEqual(['a 1', 'z 1'])
    expect(closure(['v'], { 'y 1': 'Provides: v', 'x 1': 'Provides: v' })).toEqual(['x 1'])
  })

  it('lets only a versioned Provides satisfy a versioned dependency', () => {
    const needs = { 'a 1': 'Depends: v (>= 2)' }
    expect(closure(['a'], { ...needs, 'x 9': 'Provides: v', 'y 1': 'Provides: v (= 2)' })).toEqual([
      'a 1',
      'y 1',
    ])
    expect(() => closure(['a'], { ...needs, 'x 9': 'Provides: v' })).toThrow(
      'a 1 needs v (>= 2), which is not in bookworm for amd64',
    )
  })

  it('leaves out what only scripts need', () => {
    expect(
      closure(['ca-certificates', 'base-files'], {
        'ca-certificates 1': 'Depends: openssl (>= 1), debconf (>= 0.5) | debconf-2.0',
        'base-files 1': 'Pre-Depends: awk',
        'openssl 1': '',
        'debconf 1': '',
        'mawk 1': 'Provides: awk',
      }),
    ).toEqual(['base-files 1', 'ca-certificates 1'])
  })

  it('refuses packages that conflict, in either direction', () => {
    const message = 'a 1 and b 2 cannot be installed together'
    expect(() => closure(['a', 'b'], { 'a 1': '', 'b 2': 'Breaks: a (<< 2)' })).toThrow(message)
    expect(() => closure(['a', 'b'], { 'a 1': 'Conflicts: v', 'b 2': 'Provides: v' })).toThrow(
      expect.objectContaining({ code: 'DEBIAN_PACKAGE_CONFLICT', message }),
    )
    expect(closure(['a', 'b'], { 'a 1': '', 'b 2': 'Breaks: a (<< 1)' })).toEqual(['a 1', 'b 2'])
    expect(closure(['a'], { 'a 1': 'Conflicts: v\nProvides: v' })).toEqual(['a 1'])
  })

  it('refuses a second version of a package that is there', () => {
    expect(() => closure(['a'], { 'a 1': 'Depends: b (= 1)', 'b 1': '', 'b 2': '' })).toThrow(
      'a 1 needs b (= 1), which is not in bookworm for amd64',
    )
  })

  it('names a package that does not exist', () => {
    expect(() => closure(['nosuch'], {})).toThrow(
      expect.objectContaining({
        code: 'DEBIAN_PACKAGE_NOT_FOUND',
        message: 'there is no package nosuch in bookworm for amd64',
      }),
    )
  })
})

describe('parsePackageRecord', () => {
  const text = `Package: libgcc-s1
Source: gcc-12 (12.2.0-14)
Version: 12.2.0-14+b1
Architecture: amd64
Multi-Arch: same
Filename: pool/main/g/gcc-12/libgcc-s1.deb
Size: 49856
SHA256: ${'B'.repeat(64)}
`
  it('reads the source of a package', () => {
    expect(parsePackageRecord(text, 'Packages')).toMatchObject({
      source: { name: 'gcc-12', version: '12.2.0-14' },
      multiArch: 'same',
      sha256: 'b'.repeat(64),
      size: 49856,
    })
    expect(parsePackageRecord(text.replace(/Source.*\n/, ''), 'Packages').source).toEqual({
      name: 'libgcc-s1',
      version: '12.2.0-14+b1',
    })
  })

  it.each([
    [/Version.*\n/, '', 'Packages: no field version'],
    [/SHA256: .*/, 'SHA256: 12', 'package libgcc-s1: SHA256 is no checksum'],
    [/Size: .*/, 'Size: many', 'package libgcc-s1: Size is no number of bytes'],
    [/pool\/main/, '../..', 'leads out of the archive'],
    [/$/, '\nPackage: second', 'expected the fields of one package'],
  ])('refuses %s', (from, to, message) => {
    expect(() => parsePackageRecord(text.replace(from, to), 'Packages')).toThrow(message)
  })
})
