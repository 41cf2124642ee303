import { describe, expect, it } from 'vitest'
import { CodedError } from '../base/index.ts'
import { checkLockfile, type CheckLockfileOptions, manifestFolders } from './check-lockfile.ts'
import { parsePackageLock } from './parse-package-lock.ts'
import { selectPackages } from './select-packages.ts'

type Json = Record<string, unknown>

const v = '1.0.0'
const root = { dependencies: { a: '^1.0.0' } }
const entries = {
  'node_modules/a': { version: '1.2.0', dependencies: { b: '^1.0.0' } },
  'node_modules/b': { version: v },
}

function lockOf(packages: Json) {
  return parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
}

function differences(
  packages: Json,
  packageJsons: Record<string, Json>,
  options: Partial<CheckLockfileOptions> = {},
): unknown {
  try {
    checkLockfile(lockOf(packages), { packageJsons: new Map(Object.entries(packageJsons)), ...options })
    return []
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'LOCKFILE_OUT_OF_STEP') throw error
    expect(error.hint).toContain('npm install')
    return error.details.differences
  }
}

describe('checkLockfile', () => {
  it('accepts a lock that is in step, and a range that changed but still fits', () => {
    expect(differences({ '': root, ...entries }, { '': root })).toEqual([])
    expect(differences({ '': root, ...entries }, { '': { dependencies: { a: '>=1.1' } } })).toEqual([])
  })

  it('names what the lock lacks and what it has in another version', () => {
    const wanted = {
      dependencies: { a: '^2.0.0', c: '^3.0.0' },
      devDependencies: { d: '*' },
      optionalDependencies: { o: '1' },
    }
    expect(differences({ '': root, ...entries }, { '': wanted })).toEqual([
      'package.json needs a@^2.0.0, package-lock.json has a@1.2.0',
      'package.json needs c@^3.0.0, package-lock.json has none',
      'package.json needs d@*, package-lock.json has none',
    ])
  })

  it('names what packages inside the tree lack', () => {
    const { 'node_modules/b': _, ...without } = entries
    expect(differences({ '': root, ...without }, { '': root })).toEqual([
      'a@1.2.0 needs b@^1.0.0, package-lock.json has none',
    ])
  })

  it('leaves versions inside the tree, and names that are overridden, to npm', () => {
    const overridden = {
      dependencies: { a: '^1.0.0', c: '^9.0.0' },
      overrides: { a: { b: '2.0.0' }, 'c@9': '1.0.0' },
    }
    const packages = {
      '': overridden,
      ...entries,
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: v },
    }
    expect(differences(packages, { '': overridden })).toEqual([])
  })

  it('does without what a package.json no longer asks for', () => {
    const lock = lockOf({ '': root, ...entries })
    const current = checkLockfile(lock, { packageJsons: new Map([['', {}]]) })
    expect(selectPackages(current, { target: { os: 'linux', cpu: 'x64' } }).packages).toEqual([])
  })

  it('wants peers, unless npm is configured not to look at them', () => {
    const packages = { '': root, 'node_modules/a': { version: v, peerDependencies: { p: '1' } } }
    expect(differences(packages, { '': root })).toEqual(['a@1.0.0 needs p@1, package-lock.json has none'])
    expect(differences(packages, { '': root }, { legacyPeerDeps: true })).toEqual([])
  })

  it.each([
    ['npm:@s/real@^2.0.0', { name: '@s/real', version: '2.1.0' }, true],
    ['npm:@s/real@^2.0.0', { name: '@s/other', version: '2.1.0' }, false],
    ['npm:@s/real@^3.0.0', { name: '@s/real', version: '2.1.0' }, false],
    ['latest', { version: '2.1.0' }, true],
    ['', { version: '2.1.0' }, true],
    ['file:packs/a.tgz', { version: v, resolved: 'file:packs/a.tgz' }, true],
    ['file:packs/b.tgz', { version: v, resolved: 'file:packs/a.tgz' }, false],
    ['file:lib', { version: v, resolved: 'file:lib' }, true],
    ['https://example.com/a.tgz', { version: v, resolved: 'https://example.com/a.tgz' }, true],
    ['https://example.com/b.tgz', { version: v, resolved: 'https://example.com/a.tgz' }, false],
    ['me/a', { version: v, resolved: `git+ssh://git@github.com/me/a.git#${'a'.repeat(40)}` }, true],
    ['you/a', { version: v, resolved: `git+ssh://git@github.com/me/a.git#${'a'.repeat(40)}` }, false],
    [
      `github:me/a#${'b'.repeat(40)}`,
      { version: v, resolved: `git+ssh://git@github.com/me/a.git#${'a'.repeat(40)}` },
      false,
    ],
    [
      'me/a#semver:^2',
      { version: v, resolved: `git+ssh://git@github.com/me/a.git#${'a'.repeat(40)}` },
      false,
    ],
    [
      'git+https://example.com/a.git',
      { version: v, resolved: `git+https://example.com/a.git#${'a'.repeat(40)}` },
      true,
    ],
    ['not a spec: \\', { version: v }, false],
  ])('%s against %j: %j', (spec, entry, fits) => {
    const wanted = { dependencies: { a: spec } }
    expect(differences({ '': wanted, 'node_modules/a': entry }, { '': wanted })).toHaveLength(fits ? 0 : 1)
  })

  describe('with workspaces', () => {
    const packages = {
      '': { workspaces: ['packages/*'] },
      'node_modules/api': { resolved: 'packages/api', link: true },
      'node_modules/lib': { resolved: 'lib', link: true },
      'node_modules/a': { version: v },
      'packages/api': { version: v, dependencies: { a: '^1.0.0', lib: 'file:../../lib' } },
      lib: { version: v },
    }
    const documents = { '': packages[''], 'packages/api': { name: 'api', ...packages['packages/api'] } }

    it('reads the package.json of each workspace and linked folder', () => {
      expect(manifestFolders(lockOf(packages))).toEqual(['', 'lib', 'packages/api'])
      expect(differences(packages, documents)).toEqual([])
    })

    it('names the package.json that is out of step', () => {
      const api = { ...documents['packages/api'], dependencies: { a: '^2.0.0', lib: 'file:../../other' } }
      expect(differences(packages, { ...documents, 'packages/api': api })).toEqual([
        'packages/api/package.json needs a@^2.0.0, package-lock.json has a@1.0.0',
        'packages/api/package.json needs lib@file:../../other, package-lock.json has a link to lib',
      ])
    })

    it('names a workspace that the lock does not know', () => {
      expect(differences(packages, { ...documents, 'packages/new': { name: 'new' } })).toEqual([
        'workspace packages/new is not in package-lock.json',
      ])
    })
  })
})
