import { describe, expect, it } from 'vitest'
import type { LockedPackage } from '../../lockfile/index.ts'
import { parsePlatform } from '../../oci/index.ts'
import type { BinaryFile } from './binary-facts.ts'
import type { PackageFacts } from './package-facts.ts'
import { type Candidate, statusOf } from './status-of.ts'

function facts(more: Partial<PackageFacts> & { binaries?: BinaryFile[] } = {}): PackageFacts {
  const { binaries = [], ...rest } = more
  return {
    scripts: { commands: [] },
    hasStep: false,
    implicit: false,
    declinesGyp: false,
    compiled: { binaries, stray: [], archives: [] },
    build: { asksFor: [] },
    ...rest,
  }
}

function binary(more: Partial<BinaryFile>): BinaryFile {
  return { path: 'x.node', kind: 'addon', platform: 'linux/arm64', libc: 'glibc', abis: [], ...more }
}

function locked(name: string, optional: readonly string[] = []): LockedPackage {
  const optionalDependencies = Object.fromEntries(optional.map((other) => [other, '1.0.0']))
  return {
    name,
    version: '1.0.0',
    location: `node_modules/${name}`,
    optionalDependencies,
  } as unknown as LockedPackage
}

const target = {
  platform: parsePlatform('linux/arm64'),
  libc: 'glibc',
  nodeVersion: '22.23.0',
  glibc: '2.36',
} as const

function status(own: PackageFacts, more: Partial<Candidate> = {}) {
  const candidate = { locked: locked('p'), facts: own, carriers: [], missing: [], ...more }
  return statusOf(candidate, target)
}

describe('statusOf', () => {
  const carrier = (more?: PackageFacts) => ({
    locked: locked('p-linux-arm64'),
    ...(more ? { facts: more } : {}),
  })
  const family = locked('p', ['p-linux-arm64', 'p-wasm32'])

  it('takes the optional package before everything else', () => {
    const carriers = [carrier(facts({ binaries: [binary({ glibc: '2.17' })] }))]
    expect(status(facts({ binaries: [binary({})] }), { locked: family, carriers })).toEqual({
      status: 'prebuilt',
      how: 'optional-package',
      evidence: 'p-linux-arm64@1.0.0',
      glibc: '2.17',
    })
  })

  it('believes an optional package that could not be opened, or has nothing compiled', () => {
    for (const one of [carrier(), carrier(facts())])
      expect(status(facts(), { locked: family, carriers: [one] }).status).toBe('prebuilt')
  })

  it('does not take an optional package whose binary is not what its name says', () => {
    const carriers = [carrier(facts({ binaries: [binary({ platform: 'linux/amd64' })] }))]
    expect(status(facts(), { locked: locked('p', ['p-linux-arm64']), carriers })).toMatchObject({
      status: 'impossible',
      reason: 'p-linux-arm64@1.0.0: its binaries are for other processors',
    })
    const sources = facts({ build: { system: 'node-gyp', asksFor: [] } })
    expect(status(sources, { locked: family, carriers }).status).toBe('compile')
  })

  it('falls back to WebAssembly only where nothing compiles', () => {
    expect(status(facts(), { locked: family, missing: ['p-linux-arm64'] })).toEqual({
      status: 'wasm',
      evidence: 'p-wasm32',
      reason: 'p-linux-arm64 is listed, but not installed',
    })
  })

  it.each<[string, Partial<BinaryFile>, RegExp]>([
    ['another processor', { platform: 'linux/s390x' }, /other processors/],
    ['a lower variant of another processor', { platform: 'linux/arm/v7' }, /other processors/],
    ['another C library', { libc: 'musl' }, /is for musl/],
    ['another NODE_MODULE_VERSION', { abis: [115, 137] }, /115, 137, Node 22\.23\.0 has 127/],
    ['a newer Node-API', { nodeApi: 99 }, /needs Node-API 99/],
    ['a newer glibc', { glibc: '2.38' }, /needs glibc 2\.38, the base has 2\.36/],
  ])('does not take a binary for %s', (_, more, reason) => {
    const found = status(facts({ binaries: [binary(more)] }))
    expect(found.status).toBe('impossible')
    expect(found.reason).toMatch(reason)
  })

  it('takes a binary for an older glibc, for several versions, for no C library', () => {
    for (const more of [{ glibc: '2.9' }, { abis: [115, 127] }, { nodeApi: 8 }])
      expect(status(facts({ binaries: [binary(more)] })).how).toBe('bundled')
    const { libc: _, ...free } = binary({})
    expect(status(facts({ binaries: [free] })).how).toBe('bundled')
  })

  it('names the objection that is nearest to fitting', () => {
    const binaries = [
      binary({ platform: 'linux/amd64' }),
      binary({ path: 'new.node', glibc: '2.40' }),
      binary({ path: 'musl.node', libc: 'musl' }),
    ]
    expect(status(facts({ binaries })).reason).toBe('new.node needs glibc 2.40, the base has 2.36')
  })

  it('knows scripts that download, compile, fetch something else, or do nothing', () => {
    const scripted = (scripts: PackageFacts['scripts']) => status(facts({ scripts, hasStep: true })).status
    expect(scripted({ commands: ['x'], downloader: 'custom', builder: 'node-gyp' })).toBe('download')
    expect(scripted({ commands: ['x'], builder: 'cmake-js' })).toBe('compile')
    expect(scripted({ commands: ['x'], payload: true })).toBe('download')
    expect(scripted({ commands: ['x'] })).toBe('not-native')
    expect(status(facts({ implicit: true, hasStep: true }))).toEqual({
      status: 'compile',
      evidence: 'binding.gyp: npm runs node-gyp rebuild',
    })
    expect(status(facts())).toEqual({ status: 'not-native', evidence: 'package.json' })
  })
})
