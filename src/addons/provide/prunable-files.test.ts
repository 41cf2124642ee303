import { expect, it } from 'vitest'
import { isNeverLoaded, type PrunableFile } from './prunable-files.ts'

const target = { platform: { os: 'linux', architecture: 'arm64' }, libc: 'glibc' as const }
const file = (more: Partial<PrunableFile>): PrunableFile => ({
  path: 'x.node',
  size: 1,
  kind: 'binary',
  ...more,
})
const arm64 = { os: 'linux', architecture: 'arm64' }
const amd64 = { os: 'linux', architecture: 'amd64' }

it('keeps what the platform can load, and what nobody can tell', () => {
  expect(isNeverLoaded(file({ platform: arm64, libc: 'glibc' }), target, true)).toBe(false)
  expect(isNeverLoaded(file({ platform: arm64 }), target, true)).toBe(false)
  expect(isNeverLoaded(file({ folder: { system: 'linuxglibc', processors: ['arm64'] } }), target, true)).toBe(
    false,
  )
  expect(
    isNeverLoaded(file({ folder: { system: 'linux', processors: ['x64', 'arm64'] } }), target, true),
  ).toBe(false)
  expect(isNeverLoaded(file({ folder: { system: 'vendor', processors: ['special'] } }), target, true)).toBe(
    false,
  )
})

it('leaves out other processors, C libraries and systems', () => {
  expect(isNeverLoaded(file({ platform: amd64 }), target, false)).toBe(true)
  expect(isNeverLoaded(file({ platform: arm64, libc: 'musl' }), target, false)).toBe(true)
  expect(isNeverLoaded(file({ kind: 'foreign' }), target, false)).toBe(true)
  expect(isNeverLoaded(file({ folder: { system: 'win32', processors: ['arm64'] } }), target, false)).toBe(
    true,
  )
  expect(isNeverLoaded(file({ folder: { system: 'linux', processors: ['x64'] } }), target, false)).toBe(true)
})

it('leaves sources out once they have served', () => {
  expect(isNeverLoaded(file({ kind: 'source' }), target, false)).toBe(false)
  expect(isNeverLoaded(file({ kind: 'source' }), target, true)).toBe(true)
})
