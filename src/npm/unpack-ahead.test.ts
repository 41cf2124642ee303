import { describe, expect, it } from 'vitest'
import { type LockedPackage, parsePackageLock } from '../lockfile/index.ts'
import type { PackageSource } from './package-source.ts'
import { unpackAhead } from './unpack-ahead.ts'

const { signal } = new AbortController()
const names = ['a', 'b', 'c', 'd', 'e', 'f']
const packages = Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: '1.0.0' }]))
const lock = parsePackageLock(
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } }),
  'package-lock.json',
)
const placed = [...lock.packages.values()].map((locked) => ({ package: locked, executables: [] }))

/** A source that counts what is open, and fails for one package. */
function counting(failing?: string) {
  const open = new Set<string>()
  let most = 0
  const source: PackageSource = {
    async unpack({ name }: LockedPackage) {
      if (name === failing) throw new RangeError(name)
      open.add(name)
      most = Math.max(most, open.size)
      return { files: [], file: () => undefined, [Symbol.asyncDispose]: async () => void open.delete(name) }
    },
    libcOf: async () => new Map(),
  }
  return { source, open, most: () => most }
}

describe('unpackAhead', () => {
  it('keeps the order, opens a few ahead and closes each', async () => {
    const { source, open, most } = counting()
    const seen: string[] = []
    for await (const { placed: each } of unpackAhead(placed, source, 3, { signal }))
      seen.push(each.package.name)
    expect(seen).toEqual(names)
    expect(most()).toBe(3)
    expect(open.size).toBe(0)
  })

  it('closes what is open when the reader stops', async () => {
    const { source, open } = counting()
    for await (const _ of unpackAhead(placed, source, 3, { signal })) break
    expect(open.size).toBe(0)
  })

  it('throws a failure in its turn and closes the others', async () => {
    const { source, open } = counting('c')
    const seen: string[] = []
    const reading = async () => {
      for await (const { placed: each } of unpackAhead(placed, source, 4, { signal }))
        seen.push(each.package.name)
    }
    await expect(reading()).rejects.toThrow('c')
    expect(seen).toEqual(['a', 'b'])
    expect(open.size).toBe(0)
  })
})
