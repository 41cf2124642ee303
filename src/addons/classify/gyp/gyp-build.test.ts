import { describe, expect, it } from 'vitest'
import { packed } from '../testdata/packed.ts'
import { gypBuild } from './gyp-build.ts'

const { signal } = new AbortController()

async function build(files: Record<string, string>) {
  const found = await gypBuild(packed(files), { signal })
  return { ...found, asksFor: found?.asksFor.map(({ by, name }) => `${by} ${name}`) }
}

describe('gypBuild', () => {
  it('is undefined without a binding.gyp at the root', async () => {
    expect(await gypBuild(packed({ 'src/binding.gyp': '{}' }), { signal })).toBeUndefined()
  })

  it('takes what Linux builds, and both ways of what is not known', async () => {
    const found = await build({
      'binding.gyp': `{
        'variables': { 'jpeg%': '<!(node ./has_lib.js jpeg)', 'kind%': 'internal' },
        'targets': [{
          'sources': ['src/a.cc'],
          'cflags_cc': ['-std=c++17'],
          'cflags_cc!': ['-std=c++26'],
          'xcode_settings': { 'OTHER': ['-std=c++23'] },
          'libraries': ['<!@(pkg-config cairo pangocairo --libs)'],
          'conditions': [
            ['OS=="win"', { 'libraries': ['-lws2_32'] }, { 'libraries': ['-lz -lssl', '-lm'] }],
            ['jpeg=="true"', { 'libraries': ['-ljpeg'] }],
            ['kind!="internal"', { 'libraries': ['-lsqlite3'] }],
          ],
        }],
      }`,
    })
    expect(found).toEqual({
      cxxStandard: 17,
      sources: ['src/a.cc'],
      asksFor: [
        'pkg-config cairo',
        'pkg-config pangocairo',
        'linker z',
        'linker ssl',
        'linker m',
        'linker jpeg',
      ],
    })
  })

  it('follows the files that it includes and depends on, once each', async () => {
    const found = await build({
      'binding.gyp': `{ 'includes': ['deps/common.gypi'],
        'targets': [{ 'dependencies': ['deps/db.gyp:db', '<!(node -p 1)'], 'include_dirs': ['<!@(pg_config --includedir)'] }] }`,
      'deps/common.gypi': "{ 'target_defaults': { 'cflags_cc': ['-std=gnu++2a'] } }",
      'deps/db.gyp':
        "{ 'targets': [{ 'sources': ['db.c'], 'dependencies': ['../binding.gyp:*', 'gone.gyp:x'], 'ldflags': ['-lzstd'] }] }",
    })
    expect(found).toEqual({
      cxxStandard: 20,
      sources: ['deps/db.c'],
      asksFor: ['program pg_config', 'linker zstd'],
    })
  })
})
