import { describe, expect, it } from 'vitest'
import { fromText } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import { changedFiles, type PackageChange, withChanges } from './package-changes.ts'
import type { NodeModulesPlan } from './plan-node-modules.ts'
import type { PackageFile } from './unpack-package.ts'

const file = (path: string): PackageFile => ({
  path,
  type: 'file',
  mode: 0o644,
  size: 1,
  content: fromText('x'),
})
const folder = (path: string): PackageFile => ({ ...file(path), type: 'directory', size: 0 })
const change = (key: string, more: Partial<PackageChange> = {}): PackageChange => ({
  key,
  remove: new Set(),
  add: [],
  ...more,
})
const placed = (location: string, inBundle = false) => ({
  package: { location, inBundle } as LockedPackage,
  executables: [],
})

describe('changedFiles', () => {
  const files = [folder('lib'), file('lib/a.js'), file('package.json'), folder('src'), file('src/a.c')]

  it('drops folders that nothing is in any more, and makes those that are new', () => {
    const changed = changedFiles(
      files,
      change('k', { remove: new Set(['src/a.c']), add: [file('build/Release/a.node')] }),
    )
    expect(changed.map(({ path }) => path)).toEqual([
      'build',
      'build/Release',
      'build/Release/a.node',
      'lib',
      'lib/a.js',
      'package.json',
    ])
  })

  it('lets what is added win', () => {
    const added = { ...file('lib/a.js'), mode: 0o755 }
    expect(changedFiles(files, change('k', { add: [added] })).find(({ path }) => path === 'lib/a.js')).toBe(
      added,
    )
  })
})

describe('withChanges', () => {
  const plan: NodeModulesPlan = {
    shared: {
      packages: [
        placed('node_modules/a'),
        placed('node_modules/a/node_modules/b', true),
        placed('node_modules/c'),
      ],
      binLinks: [
        { path: 'node_modules/.bin/a', target: '../a/cli.js', owner: 'node_modules/a', file: 'cli.js' },
      ],
    },
    perPlatform: new Map([
      ['linux/amd64', { packages: [placed('node_modules/x')], binLinks: [] }],
      ['linux/arm64', { packages: [placed('node_modules/y')], binLinks: [] }],
    ]),
    projectExecutables: [],
  }
  const locations = ({ packages }: { packages: readonly { package: LockedPackage }[] }) =>
    packages.map(({ package: { location } }) => location)

  it('moves a package that differs, with what its tarball brought and its links, and no other', () => {
    const changes = new Map([
      ['linux/amd64', new Map([['node_modules/a', change('1')]])],
      ['linux/arm64', new Map([['node_modules/a', change('2')]])],
    ])
    const { shared, perPlatform } = withChanges(plan, changes)
    expect(locations(shared)).toEqual(['node_modules/c'])
    expect(shared.binLinks).toEqual([])
    const own = perPlatform.get('linux/arm64')
    expect(own && locations(own)).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/b',
      'node_modules/y',
    ])
    expect(own?.binLinks).toHaveLength(1)
  })

  it('takes a package to each platform that changes it, also where all change it alike', () => {
    const same = new Map([['node_modules/c', change('1')]])
    const { shared, perPlatform } = withChanges(
      plan,
      new Map([
        ['linux/amd64', same],
        ['linux/arm64', same],
      ]),
    )
    expect(locations(shared)).toEqual(['node_modules/a', 'node_modules/a/node_modules/b'])
    expect(perPlatform.get('linux/arm64')?.packages.map((each) => each.change?.key)).toEqual(['1', undefined])
  })

  it('is the plan itself where nothing changes', () => {
    expect(withChanges(plan, new Map([['linux/amd64', new Map()]]))).toBe(plan)
  })
})
