import { describe, expect, it } from 'vitest'
import { parsePackageLock, selectPackages } from '../lockfile/index.ts'
import type { NpmConfig } from './npm-config.ts'
import { conventionalUrl, isRegistryTarball, registryUrl } from './registry-url.ts'

function configOf(registry: string, flat: Record<string, unknown> = {}): NpmConfig {
  return {
    projectFolder: '/project',
    env: {},
    registry,
    defaultRegistry: 'https://public.example/',
    cacheFolder: '/cache',
    ignoreScripts: false,
    legacyPeerDeps: false,
    binLinks: true,
    offline: false,
    scriptVariables: {},
    flatOptions: () => flat,
  }
}

function locked(name: string, version: string) {
  const packages = { '': { dependencies: { [name]: '*' } }, [`node_modules/${name}`]: { version } }
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  const [only] = selectPackages(lock, { target: { os: 'linux', cpu: 'x64' } }).packages
  if (!only) throw new RangeError(name)
  return only
}

describe('registryUrl', () => {
  const recorded = 'https://public.example/a/-/a-1.0.0.tgz'

  it.each([
    ['https://public.example', {}, recorded],
    ['http://127.0.0.1:4873', {}, 'http://127.0.0.1:4873/a/-/a-1.0.0.tgz'],
    ['https://mirror.example/npm/all', {}, 'https://mirror.example/npm/all/a/-/a-1.0.0.tgz'],
    ['https://mirror.example', { replaceRegistryHost: 'never' }, recorded],
    ['https://mirror.example', { replaceRegistryHost: 'other.example' }, recorded],
    [
      'https://mirror.example',
      { replaceRegistryHost: 'public.example' },
      'https://mirror.example/a/-/a-1.0.0.tgz',
    ],
  ])('with registry %s and %j', (registry, flat, expected) => {
    expect(registryUrl(recorded, configOf(registry, flat))).toBe(expected)
  })

  it('replaces any host when told so, and puts no path before itself', () => {
    const always = configOf('https://mirror.example/npm', { replaceRegistryHost: 'always' })
    expect(registryUrl('https://old.example/npm/a/-/a-1.0.0.tgz', always)).toBe(
      'https://mirror.example/npm/a/-/a-1.0.0.tgz',
    )
  })
})

describe('conventionalUrl', () => {
  it('asks the registry of the scope', () => {
    const config = configOf('https://public.example', { '@s:registry': 'https://scope.example/npm/' })
    expect(conventionalUrl(locked('a', '1.0.0'), config)).toBe('https://public.example/a/-/a-1.0.0.tgz')
    expect(conventionalUrl(locked('@s/b', '2.0.0'), config)).toBe(
      'https://scope.example/npm/@s/b/-/b-2.0.0.tgz',
    )
  })
})

describe('isRegistryTarball', () => {
  it('knows the tarballs of the registry from others', () => {
    const config = configOf('https://public.example')
    expect(
      isRegistryTarball('https://public.example/@s%2fb/-/b-2.0.0.tgz', locked('@s/b', '2.0.0'), config),
    ).toBe(true)
    expect(isRegistryTarball('https://elsewhere.example/a/-/a-1.0.0.tgz', locked('a', '1.0.0'), config)).toBe(
      false,
    )
  })
})
