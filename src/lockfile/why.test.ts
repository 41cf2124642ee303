import { describe, expect, it } from 'vitest'
import { parsePackageLock } from './parse-package-lock.ts'
import { why } from './why.ts'

const v = '1.0.0'
const lock = parsePackageLock(
  JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': {
        name: 'shop',
        workspaces: ['packages/*'],
        dependencies: { a: '^1.0.0' },
        devDependencies: { long: '*' },
      },
      'node_modules/a': { version: v, dependencies: { b: '1' } },
      'node_modules/b': { version: v, optionalDependencies: { c: '1' } },
      'node_modules/c': { version: v },
      'node_modules/api': { resolved: 'packages/api', link: true },
      'node_modules/long': { version: v },
      'node_modules/nobody': { version: v },
      'packages/api': { version: '2.0.0', dependencies: { only: '^1.0.0' } },
      'packages/api/node_modules/only': { version: v },
    },
  }),
  'package-lock.json',
)

describe('why', () => {
  it('tells the path from the root', () => {
    expect(why(lock, 'node_modules/c')).toEqual([
      { location: '', package: 'shop' },
      { location: 'node_modules/a', package: 'a@1.0.0', type: 'prod', spec: '^1.0.0' },
      { location: 'node_modules/b', package: 'b@1.0.0', type: 'prod', spec: '1' },
      { location: 'node_modules/c', package: 'c@1.0.0', type: 'optional', spec: '1' },
    ])
  })

  it('goes through workspaces', () => {
    expect(why(lock, 'packages/api/node_modules/only').map((step) => step.package)).toEqual([
      'shop',
      'api@2.0.0',
      'only@1.0.0',
    ])
    expect(why(lock, 'packages/api').map((step) => step.type)).toEqual([undefined, 'workspace'])
  })

  it('has no path to what nothing needs', () => {
    expect(why(lock, 'node_modules/nobody')).toEqual([])
    expect(why(lock, 'node_modules/absent')).toEqual([])
  })
})
