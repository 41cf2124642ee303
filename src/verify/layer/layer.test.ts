import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readLoaderCache } from './loader-cache.ts'
import { MarkerSearch } from './marker-search.ts'
import { readPackageManifest } from './package-manifest.ts'

function cacheOf(libraries: readonly [string, string][], big = false): Buffer {
  const head = Buffer.alloc(48)
  head.write('glibc-ld.so.cache1.1')
  head[28] = big ? 3 : 2
  const write = (buffer: Buffer, value: number, at: number) =>
    big ? buffer.writeUInt32BE(value, at) : buffer.writeUInt32LE(value, at)
  write(head, libraries.length, 20)
  const textsAt = 48 + 24 * libraries.length
  let texts = ''
  const entries = libraries.map(([name, path]) => {
    const entry = Buffer.alloc(24)
    write(entry, textsAt + texts.length, 4)
    texts += `${name}\0`
    write(entry, textsAt + texts.length, 8)
    texts += `${path}\0`
    return entry
  })
  return Buffer.concat([head, ...entries, Buffer.from(texts)])
}

describe('readLoaderCache', () => {
  const libraries: [string, string][] = [
    ['libc.so.6', '/lib/x86_64-linux-gnu/libc.so.6'],
    ['libm.so.6', '/lib/x86_64-linux-gnu/libm.so.6'],
  ]

  it('reads names and paths, in both byte orders, behind an older table', () => {
    expect(readLoaderCache(cacheOf(libraries))).toEqual(libraries)
    expect(readLoaderCache(cacheOf(libraries, true))).toEqual(libraries)
    const older = Buffer.concat([Buffer.from('ld.so-1.7.0\0'), Buffer.alloc(20), cacheOf(libraries)])
    expect(readLoaderCache(older)).toEqual(libraries)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(200),
        (changes, length) => {
          const bytes = cacheOf(libraries)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          expect(Array.isArray(readLoaderCache(bytes.subarray(0, length)))).toBe(true)
        },
      ),
    )
  })
})

describe('MarkerSearch', () => {
  it('finds the text behind a marker, wherever the chunks are cut', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (before, after, sizes) => {
          const bytes = Buffer.from(`${before}node.js/v22.12.0-and-more${after}`)
          const search = new MarkerSearch('node.js/v', 7)
          for (let at = 0, index = 0; at < bytes.length; index++) {
            const size = sizes[index % sizes.length] ?? 1
            search.add(bytes.subarray(at, at + size))
            at += size
          }
          expect(search.found).toBe('22.12.0')
        },
      ),
    )
  })

  it('finds nothing where there is nothing', () => {
    const search = new MarkerSearch('node.js/v', 7)
    for (const text of ['node.js', '/', 'node.js/v22']) search.add(Buffer.from(text))
    expect(search.found).toBeUndefined()
  })
})

describe('readPackageManifest', () => {
  it('keeps what has npm’s shape, and drops the rest', () => {
    const text = JSON.stringify({
      name: 'a',
      version: 1,
      os: 'linux',
      cpu: ['x64', 5],
      dependencies: { b: '1', c: {} },
      optionalDependencies: [],
      scripts: { install: 'node-gyp rebuild', test: 'x', start: 5 },
      binary: { module_name: 'a', module_path: './lib', napi_versions: [3, 'x'] },
      gypfile: 'no',
    })
    expect(readPackageManifest(`\uFEFF${text}`)).toEqual({
      name: 'a',
      os: ['linux'],
      cpu: ['x64'],
      dependencies: { b: '1' },
      scripts: { install: 'node-gyp rebuild' },
      binary: { module_name: 'a', module_path: './lib', napi_versions: [3] },
    })
  })

  it('is undefined for everything that is no object', () => {
    for (const text of ['', 'null', '[]', '5', '{"a"']) expect(readPackageManifest(text)).toBeUndefined()
  })

  it('takes any JSON', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('name', 'os', 'scripts', 'binary', 'dependencies'), fc.jsonValue()),
        (value) => {
          expect(readPackageManifest(JSON.stringify(value))).toBeTypeOf('object')
        },
      ),
    )
  })
})
