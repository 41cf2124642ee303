import { describe, expect, it } from 'vitest'
import { parsePackageLock, selectPackages } from '../lockfile/index.ts'
import { planBinLinks } from './plan-bin-links.ts'

const v = '1.0.0'

function links(packages: Record<string, unknown>): string[] {
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  const set = selectPackages(lock, { target: { os: 'linux', cpu: 'x64', libc: 'glibc' } })
  return planBinLinks(set)
    .map(({ path, target, owner, file }) => `${path} -> ${target} (${owner}: ${file})`)
    .sort()
}

describe('planBinLinks', () => {
  it('links commands beside their package, of scoped ones one folder further', () => {
    expect(
      links({
        '': { dependencies: { a: v, '@s/b': v } },
        'node_modules/a': {
          version: v,
          bin: { a: './bin/a.js', 'a-more': 'more.js' },
          dependencies: { c: v },
        },
        'node_modules/@s/b': { name: '@s/b', version: v, bin: 'cli.js' },
        'node_modules/a/node_modules/c': { version: v, bin: { c: 'c.js' } },
      }),
    ).toEqual([
      'node_modules/.bin/a -> ../a/bin/a.js (node_modules/a: bin/a.js)',
      'node_modules/.bin/a-more -> ../a/more.js (node_modules/a: more.js)',
      'node_modules/.bin/b -> ../@s/b/cli.js (node_modules/@s/b: cli.js)',
      'node_modules/a/node_modules/.bin/c -> ../c/c.js (node_modules/a/node_modules/c: c.js)',
    ])
  })

  it('gives a command that several packages have to the first by name, links last', () => {
    expect(
      links({
        '': { dependencies: { 'uglify-js': v, 'uglify-es': v }, workspaces: ['a'] },
        'node_modules/uglify-js': { version: v, bin: { uglifyjs: 'js' } },
        'node_modules/uglify-es': { version: v, bin: { uglifyjs: 'es' } },
        'node_modules/a': { resolved: 'a', link: true },
        a: { version: v, bin: { uglifyjs: 'mine', own: 'own.js' } },
      }),
    ).toEqual([
      'node_modules/.bin/own -> ../a/own.js (node_modules/a: own.js)',
      'node_modules/.bin/uglifyjs -> ../uglify-es/es (node_modules/uglify-es: es)',
    ])
  })

  it('takes files of bundled packages from the package that brings them', () => {
    expect(
      links({
        '': { dependencies: { npm: v } },
        'node_modules/npm': { version: v, dependencies: { which: v }, bundleDependencies: ['which'] },
        'node_modules/npm/node_modules/which': { version: v, inBundle: true, bin: { which: 'bin/which' } },
      }),
    ).toEqual([
      'node_modules/npm/node_modules/.bin/which -> ../which/bin/which (node_modules/npm: node_modules/which/bin/which)',
    ])
  })

  it('does not let a command or its file lead out of the package', () => {
    expect(
      links({
        '': { dependencies: { a: v } },
        'node_modules/a': { version: v, bin: { '../../evil': '../../../etc/passwd', 'C:\\x\\y': '\\z' } },
      }),
    ).toEqual([
      'node_modules/.bin/evil -> ../a/etc/passwd (node_modules/a: etc/passwd)',
      'node_modules/.bin/y -> ../a/z (node_modules/a: z)',
    ])
  })
})
