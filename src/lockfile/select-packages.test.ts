import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DependencyNode, dependencyGraph, isOptionalEdge } from './dependency-graph.ts'
import type { NpmTarget } from './fits-target.ts'
import { fitsPlatform } from './fits-target.ts'
import type { PackageLock } from './package-lock.ts'
import { parsePackageLock } from './parse-package-lock.ts'
import { type Selection, selectPackages } from './select-packages.ts'

const arm64: NpmTarget = { os: 'linux', cpu: 'arm64', libc: 'glibc' }

type Entries = Record<string, Record<string, unknown>>

function lockOf(packages: Entries): PackageLock {
  return parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
}

function select(packages: Entries, selection: Partial<Selection> = {}): string[] {
  return selectPackages(lockOf(packages), { target: arm64, ...selection }).packages.map(({ location }) =>
    location.replaceAll('node_modules/', ''),
  )
}

const v = '1.0.0'

describe('selectPackages', () => {
  it('leaves out optional packages of other platforms and what only they need', () => {
    const packages = {
      '': { dependencies: { sharp: '1' } },
      'node_modules/sharp': {
        version: v,
        optionalDependencies: { 'i-arm64': v, 'i-x64': v, 'i-wasm': v },
        dependencies: { semver: v },
      },
      'node_modules/i-arm64': { version: v, optional: true, cpu: ['arm64'], os: ['linux'] },
      'node_modules/i-x64': {
        version: v,
        optional: true,
        cpu: ['x64'],
        os: ['linux'],
        optionalDependencies: { vips: v },
      },
      'node_modules/vips': { version: v, optional: true },
      'node_modules/i-wasm': {
        version: v,
        optional: true,
        cpu: ['wasm32'],
        dependencies: { emnapi: v, semver: v },
      },
      'node_modules/emnapi': { version: v, optional: true, dependencies: { tslib: v } },
      'node_modules/tslib': { version: v, optional: true },
      'node_modules/semver': { version: v },
    }
    expect(select(packages)).toEqual(['i-arm64', 'semver', 'sharp'])
  })

  it('leaves out the whole optional dependency when something that it needs does not fit', () => {
    const packages = {
      '': { optionalDependencies: { watcher: v }, dependencies: { x: v } },
      'node_modules/watcher': { version: v, dependencies: { fsevents: v, x: v, y: v } },
      'node_modules/fsevents': { version: v, os: ['darwin'] },
      'node_modules/x': { version: v },
      'node_modules/y': { version: v },
    }
    expect(select(packages)).toEqual(['x'])
  })

  it.each([
    [['linux'], ['arm64'], ['glibc'], true],
    [['!win32'], undefined, undefined, true],
    [['!linux'], undefined, undefined, false],
    [['!win32', 'darwin'], undefined, undefined, false],
    [['any'], ['any'], undefined, true],
    [[], undefined, undefined, true],
    [undefined, ['!arm64'], undefined, false],
    [undefined, 'arm64', undefined, true],
    [undefined, undefined, ['musl'], false],
    [undefined, undefined, ['!musl'], true],
  ])('os %j, cpu %j, libc %j: %j', (os, cpu, libc, kept) => {
    const packages = {
      '': { optionalDependencies: { a: v } },
      'node_modules/a': { version: v, os, cpu, libc },
    }
    expect(select(packages)).toEqual(kept ? ['a'] : [])
  })

  it('leaves out packages with a libc where the system has none', () => {
    const packages = {
      '': { optionalDependencies: { a: v } },
      'node_modules/a': { version: v, libc: ['glibc'] },
    }
    expect(select(packages, { target: { os: 'darwin', cpu: 'arm64' } })).toEqual([])
  })

  it('asks for a libc that the lock lost', () => {
    const packages = {
      '': { optionalDependencies: { gnu: v, musl: v } },
      'node_modules/gnu': { version: v, os: ['linux'] },
      'node_modules/musl': { version: v, os: ['linux'] },
    }
    expect(select(packages)).toEqual(['gnu', 'musl'])
    expect(select(packages, { libcOf: ({ name }) => [name === 'gnu' ? 'glibc' : 'musl'] })).toEqual(['gnu'])
  })

  it('holds engines of optional packages against the Node that will run them', () => {
    const packages = {
      '': { optionalDependencies: { a: v }, dependencies: { b: v } },
      'node_modules/a': { version: v, engines: { node: '>=22' } },
      'node_modules/b': { version: v, engines: { node: '>=22' } },
    }
    expect(select(packages)).toEqual(['a', 'b'])
    expect(select(packages, { target: { ...arm64, nodeVersion: '20.19.0' } })).toEqual(['b'])
    expect(select(packages, { target: { ...arm64, nodeVersion: '22.0.0-rc.1' } })).toEqual(['a', 'b'])
  })

  it('derives flags anew instead of believing the lock', () => {
    const packages = {
      '': { dependencies: { a: v }, devDependencies: { d: v } },
      'node_modules/a': { version: v, dev: true, dependencies: { both: v } },
      'node_modules/d': { version: v, dependencies: { both: v, only: v } },
      'node_modules/both': { version: v, dev: true },
      'node_modules/only': { version: v },
      'node_modules/nobody': { version: v },
    }
    expect(select(packages, { omit: ['dev'] })).toEqual(['a', 'both'])
    expect(select(packages)).toEqual(['a', 'both', 'd', 'only'])
  })

  it('keeps what development and an optional dependency share unless both are left out', () => {
    const packages = {
      '': { optionalDependencies: { o: v }, devDependencies: { d: v } },
      'node_modules/o': { version: v, dependencies: { shared: v } },
      'node_modules/d': { version: v, dependencies: { shared: v } },
      'node_modules/shared': { version: v },
    }
    expect(select(packages, { omit: ['dev'] })).toEqual(['o', 'shared'])
    expect(select(packages, { omit: ['optional'] })).toEqual(['d', 'shared'])
    expect(select(packages, { omit: ['dev', 'optional'] })).toEqual([])
  })

  it('installs peers, but optional ones only when something else needs them', () => {
    const packages = {
      '': { dependencies: { a: v } },
      'node_modules/a': {
        version: v,
        peerDependencies: { p: v, q: v },
        peerDependenciesMeta: { q: { optional: true } },
      },
      'node_modules/p': { version: v, peer: true },
      'node_modules/q': { version: v, peer: true },
    }
    expect(select(packages)).toEqual(['a', 'p'])
    expect(select(packages, { omit: ['peer'] })).toEqual(['a'])
    expect(select(packages, { legacyPeerDeps: true })).toEqual(['a'])
  })

  const monorepo: Entries = {
    '': { workspaces: ['packages/*', '!packages/old'], dependencies: { lib: 'file:lib', r: v } },
    'node_modules/api': { resolved: 'packages/api', link: true },
    'node_modules/web': { resolved: 'packages/web', link: true },
    'node_modules/lib': { resolved: 'lib', link: true },
    'node_modules/r': { version: v },
    'node_modules/d': { version: v },
    'node_modules/w': { version: v },
    'packages/api': { version: v, dependencies: { lib: 'file:../../lib' }, devDependencies: { d: v, e: v } },
    'packages/api/node_modules/e': { version: v },
    'packages/web': { version: v, dependencies: { w: v } },
    lib: { version: v, devDependencies: { t: v }, dependencies: { n: v } },
    'lib/node_modules/n': { version: v },
    'lib/node_modules/t': { version: v },
  }

  it('links workspaces and folders, and leaves out development of workspaces but not of linked folders', () => {
    expect(select(monorepo, { omit: ['dev'] })).toEqual(
      ['lib/n', 'lib/t', 'api', 'lib', 'r', 'w', 'web'].sort((a, b) => (place(a) < place(b) ? -1 : 1)),
    )
  })

  function place(name: string): string {
    return name.includes('/') ? name.replace('/', '/node_modules/') : `node_modules/${name}`
  }

  it('calls a link as what it points at, with its commands, and tells what the project itself asks for', () => {
    const lock = lockOf({
      '': { workspaces: ['packages/*'] },
      'node_modules/@s/api': { resolved: 'packages/api', link: true },
      'packages/api': { name: '@s/api', version: '2.0.0', bin: { api: './api.js' }, dependencies: { a: v } },
      'node_modules/a': { version: v, dependencies: { b: v } },
      'node_modules/b': { version: v },
    })
    expect(selectPackages(lock, { target: arm64 }).packages).toMatchObject([
      { name: '@s/api', version: '2.0.0', bin: { api: 'api.js' }, link: true },
      { name: 'a', direct: true },
      { name: 'b', direct: false },
    ])
  })

  it('takes one workspace with what it needs', () => {
    expect(select(monorepo, { workspaces: ['web'], omit: ['dev'] })).toEqual(['w', 'web'])
    expect(select(monorepo, { workspaces: ['packages/api'], omit: ['dev'] })).toEqual([
      'lib/n',
      'lib/t',
      'api',
      'lib',
    ])
    expect(() => select(monorepo, { workspaces: ['nobody'] })).toThrow(/nobody/)
  })

  it('tells what comes inside tarballs from what has to be fetched', () => {
    const lock = lockOf({
      '': { dependencies: { npm: v } },
      'node_modules/npm': { version: v, integrity: 'sha512-x', bundleDependencies: ['in', 'missed'] },
      'node_modules/npm/node_modules/in': { version: v, inBundle: true },
      'node_modules/npm/node_modules/missed': { version: v, inBundle: true, integrity: 'sha512-y' },
    })
    const set = selectPackages({ ...lock }, { target: arm64 })
    expect(set.bundled.map(({ name }) => name)).toEqual([])
    const needed = lockOf({
      '': { dependencies: { npm: v } },
      'node_modules/npm': {
        version: v,
        dependencies: { in: v, missed: v },
        bundleDependencies: ['in', 'missed'],
      },
      'node_modules/npm/node_modules/in': { version: v, inBundle: true },
      'node_modules/npm/node_modules/missed': { version: v, inBundle: true, integrity: 'sha512-y' },
    })
    const both = selectPackages(needed, { target: arm64 })
    expect(both.bundled.map(({ name }) => name)).toEqual(['in'])
    expect(both.packages.map(({ name }) => name)).toEqual(['npm', 'missed'])
  })

  it('writes nothing into folders outside the project', () => {
    const packages = {
      '': { dependencies: { out: 'file:../out' } },
      'node_modules/out': { resolved: '../out', link: true },
      '../out': { version: v, dependencies: { n: v } },
      '../out/node_modules/n': { version: v },
    }
    expect(select(packages)).toEqual(['out'])
  })
})

describe('selectPackages, on any tree', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  const wanted = fc.dictionary(name, fc.constant('*'), { maxKeys: 3 })
  const entry = fc.record({
    version: fc.constant(v),
    dependencies: wanted,
    optionalDependencies: wanted,
    peerDependencies: fc.dictionary(name, fc.constant('*'), { maxKeys: 1 }),
    cpu: fc.option(fc.constantFrom(['x64'], ['arm64'], ['!x64']), { nil: undefined, freq: 4 }),
  })
  const location = fc
    .array(name, { minLength: 1, maxLength: 3 })
    .map((names) => names.map((each) => `node_modules/${each}`).join('/'))
  const tree = fc
    .tuple(
      fc.record({ dependencies: wanted, devDependencies: wanted, optionalDependencies: wanted }),
      fc.dictionary(location, entry, { maxKeys: 14 }),
    )
    .map(([root, packages]) => lockOf({ '': root, ...withParents(packages) }))
  const omit = fc.subarray(['dev', 'optional', 'peer'] as const)

  function withParents(packages: Entries): Entries {
    const all: Entries = {}
    for (const path of Object.keys(packages)) {
      const segments = path.split('/')
      for (let end = 2; end < segments.length; end += 2)
        all[segments.slice(0, end).join('/')] ??= { version: v }
      all[path] = packages[path] ?? {}
    }
    return all
  }

  function nodesOf(
    lock: PackageLock,
    selection: Selection,
  ): { kept: Set<string>; nodes: DependencyNode[]; root: DependencyNode } {
    const kept = new Set(selectPackages(lock, selection).packages.map(({ location: at }) => at))
    const { nodes, root } = dependencyGraph(lock, selection)
    return { kept, nodes: [...nodes.values()].filter((node) => kept.has(node.location)), root }
  }

  it('keeps nothing that is optional and does not fit', () => {
    fc.assert(
      fc.property(tree, (lock) => {
        for (const locked of selectPackages(lock, { target: arm64 }).packages) {
          if (locked.optional) expect(fitsPlatform(locked, arm64)).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps with each package what it cannot do without', () => {
    fc.assert(
      fc.property(tree, (lock) => {
        const { kept, nodes } = nodesOf(lock, { target: arm64 })
        for (const edge of nodes.flatMap(({ edgesOut }) => edgesOut)) {
          if (edge.to && !isOptionalEdge(edge)) expect(kept).toContain(edge.to.location)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps each package only inside kept ones, and leaves out more when more is omitted', () => {
    fc.assert(
      fc.property(tree, omit, (lock, omitted) => {
        const all = nodesOf(lock, { target: arm64 })
        const some = nodesOf(lock, { target: arm64, omit: omitted })
        for (const { location: at, parent } of some.nodes) {
          expect(all.kept).toContain(at)
          expect(parent === some.root || some.kept.has(parent?.location ?? '?')).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('does not depend on the order of the lock where nothing is left out for its platform', () => {
    fc.assert(
      fc.property(tree, (lock) => {
        const reversed = { ...lock, packages: new Map([...lock.packages].reverse()) }
        const anywhere: NpmTarget = { os: 'linux', cpu: 'any-cpu' }
        const locations = (each: PackageLock) =>
          selectPackages(each, { target: anywhere, libcOf: () => undefined }).packages.map(
            ({ location: at }) => at,
          )
        const free = (each: PackageLock) => ({
          ...each,
          packages: new Map([...each.packages].map(([at, { cpu: _cpu, ...locked }]) => [at, locked])),
        })
        expect(locations(free(reversed))).toEqual(locations(free(lock)))
      }),
    )
  })
})
