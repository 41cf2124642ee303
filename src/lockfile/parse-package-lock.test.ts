import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CodedError } from '../base/index.ts'
import { findJsonMistake } from './json-mistake.ts'
import { parsePackageLock } from './parse-package-lock.ts'

const sound = {
  name: 'shop',
  lockfileVersion: 3,
  packages: {
    '': {
      name: 'shop',
      version: '1.0.0',
      dependencies: { a: '^1.0.0', alias: 'npm:@s/real@2' },
      workspaces: ['packages/*'],
    },
    'node_modules/a': {
      version: '1.2.3',
      integrity: 'sha512-x',
      bin: { a: './bin//a.js' },
      os: 'linux',
      cpu: ['!arm'],
    },
    'node_modules/alias': {
      name: '@s/real',
      version: '2.0.0',
      bin: 'cli.js',
      peerDependenciesMeta: { p: { optional: true } },
    },
    'node_modules/api': { resolved: 'packages/api', link: true },
    'packages/api': { version: '0.1.0', devDependencies: { d: '1' }, bundledDependencies: ['b'] },
  },
}

function parse(document: unknown) {
  return parsePackageLock(
    typeof document === 'string' ? document : JSON.stringify(document, null, 2),
    'package-lock.json',
  )
}

function failure(document: unknown): CodedError {
  try {
    parse(document)
  } catch (error) {
    if (error instanceof CodedError) return error
    throw error
  }
  throw new CodedError('TEST', 'it was accepted', { kind: 'internal' })
}

describe('parsePackageLock', () => {
  it('reads packages, aliases, links and workspaces', () => {
    const lock = parse(sound)
    expect(lock.lockfileVersion).toBe(3)
    expect(lock.root.dependencies).toEqual({ a: '^1.0.0', alias: 'npm:@s/real@2' })
    expect(lock.workspaces).toEqual(['packages/api'])
    expect(lock.packages.get('node_modules/a')).toMatchObject({
      name: 'a',
      os: ['linux'],
      cpu: ['!arm'],
      bin: { a: 'bin/a.js' },
    })
    expect(lock.packages.get('node_modules/alias')).toMatchObject({
      name: '@s/real',
      bin: { real: 'cli.js' },
    })
    expect(lock.packages.get('node_modules/alias')?.optionalPeers).toEqual(new Set(['p']))
    expect(lock.packages.get('node_modules/api')).toMatchObject({ link: true, target: 'packages/api' })
    expect(lock.packages.get('packages/api')?.bundleDependencies).toEqual(['b'])
  })

  it('takes a byte order mark', () => {
    expect(parse(`\uFEFF${JSON.stringify(sound)}`).packages.size).toBe(4)
  })

  it('names line and column of broken JSON', () => {
    const error = failure('{\n  "lockfileVersion": 3,\n  "packages": {,}\n}')
    expect(error.code).toBe('LOCKFILE_INVALID')
    expect(error.message).toMatch(/^package-lock\.json:3:16: /)
    expect(error.details).toMatchObject({ line: 3, column: 16 })
  })

  it('says of a truncated file that it ends early', () => {
    const text = JSON.stringify(sound, null, 2)
    expect(failure(text.slice(0, -40)).message).toContain('ends in the middle')
  })

  it('says of merge-conflict markers that they are there, and who resolves them', () => {
    const error = failure('{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> main\n}')
    expect(error.code).toBe('LOCKFILE_CONFLICT')
    expect(error.message).toContain('package-lock.json:2')
    expect(error.hint).toContain('npm install')
  })

  it.each([
    [{ lockfileVersion: 1, dependencies: {} }, 'npm install --package-lock-only'],
    [{ dependencies: { a: { version: '1.0.0' } } }, 'npm 7'],
    [{ lockfileVersion: 4, packages: {} }, '--lockfile-version=3'],
  ])('refuses other versions: %j', (document, hint) => {
    const error = failure(document)
    expect(error.code).toBe('LOCKFILE_VERSION')
    expect(error.hint).toContain(hint)
  })

  it.each([
    'node_modules/../../etc',
    'node_modules/a/../b',
    '/etc',
    'node_modules',
    'node_modules/.bin',
    'node_modules/@s',
    'node_modules/a/node_modules/.bin/b',
    'node_modules//a',
    'a\\b',
    './a',
  ])('refuses %j as a place for a package', (location) => {
    expect(failure({ lockfileVersion: 3, packages: { '': {}, [location]: { version: '1.0.0' } } }).code).toBe(
      'LOCKFILE_INVALID',
    )
  })

  it('refuses a link whose target has no entry', () => {
    const packages = { '': {}, 'node_modules/a': { link: true, resolved: 'packages/a' } }
    expect(failure({ lockfileVersion: 3, packages }).message).toContain('packages/a')
  })

  it('takes a link to a folder outside', () => {
    const packages = {
      '': {},
      'node_modules/a': { link: true, resolved: '../a' },
      '../a': { version: '1.0.0' },
    }
    expect(parse({ lockfileVersion: 3, packages }).packages.get('node_modules/a')?.target).toBe('../a')
  })

  it('never fails without a code, whatever is cut off or changed', () => {
    const text = JSON.stringify(sound)
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(text.length), fc.string({ maxLength: 3 }), (from, to, put) => {
        const changed = text.slice(0, Math.min(from, to)) + put + text.slice(Math.max(from, to))
        try {
          parse(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError)
        }
      }),
    )
  })
})

describe('findJsonMistake', () => {
  it('finds nothing in what JSON.parse accepts, and something in what it does not', () => {
    const nearly = fc.oneof(
      fc.json(),
      fc
        .tuple(fc.json(), fc.nat(200), fc.constantFrom('', ',', '"', '}', ']', '01', ' ', '\n', 'tru'))
        .map(([text, at, put]) => text.slice(0, at) + put + text.slice(at + 1)),
    )
    fc.assert(
      fc.property(nearly, (text) => {
        let accepted = true
        try {
          JSON.parse(text)
        } catch {
          accepted = false
        }
        expect(findJsonMistake(text) === undefined).toBe(accepted)
      }),
      { numRuns: 2000 },
    )
  })
})
