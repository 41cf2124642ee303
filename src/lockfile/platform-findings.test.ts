import { describe, expect, it } from 'vitest'
import { namedPlatform } from './named-platform.ts'
import { parsePackageLock } from './parse-package-lock.ts'
import { platformFindings } from './platform-findings.ts'

const v = '1.0.0'
const targets = new Map([
  ['linux/amd64', { os: 'linux', cpu: 'x64', libc: 'glibc' as const }],
  ['linux/arm64', { os: 'linux', cpu: 'arm64', libc: 'glibc' as const }],
])

function findings(packages: Record<string, unknown>, options = {}) {
  const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
  return platformFindings(lock, { targets, ...options })
}

const sharp = {
  version: '0.34.5',
  optionalDependencies: {
    '@img/sharp-linux-x64': v,
    '@img/sharp-linux-arm64': v,
    '@img/sharp-linuxmusl-arm64': v,
    '@img/sharp-darwin-x64': v,
  },
}
const x64 = { version: v, optional: true, os: ['linux'], cpu: ['x64'] }

describe('platformFindings', () => {
  it('names platform, parent, lost packages and the command that brings them back', () => {
    const [finding, ...others] = findings({
      '': { dependencies: { sharp: '*' } },
      'node_modules/sharp': sharp,
      'node_modules/@img/sharp-linux-x64': x64,
    })
    expect(others).toEqual([])
    expect(finding).toMatchObject({
      rule: 'lockfile/missing-platform-package',
      severity: 'error',
      platform: 'linux/arm64',
      package: 'sharp@0.34.5',
      details: { parents: ['sharp@0.34.5'], missing: ['@img/sharp-linux-arm64'] },
    })
    expect(finding?.hint).toContain('npm@11 install --package-lock-only')
  })

  it('only warns when the platforms asked for are all there', () => {
    const found = findings({
      '': { dependencies: { sharp: '*' } },
      'node_modules/sharp': sharp,
      'node_modules/@img/sharp-linux-x64': x64,
      'node_modules/@img/sharp-linux-arm64': { ...x64, cpu: ['arm64'] },
    })
    expect(found).toMatchObject([
      { severity: 'warning', details: { missing: ['@img/sharp-darwin-x64', '@img/sharp-linuxmusl-arm64'] } },
    ])
    expect(found[0]?.platform).toBeUndefined()
  })

  it('is silent about a whole lock, and about what is left out', () => {
    const packages = {
      '': { dependencies: { a: '*' }, devDependencies: { sharp: '*' } },
      'node_modules/a': { version: v },
      'node_modules/sharp': sharp,
    }
    expect(findings(packages, { omit: ['dev'] })).toEqual([])
    expect(findings(packages)).toHaveLength(2)
  })

  it('names what an installed optional package cannot do without', () => {
    const found = findings({
      '': { optionalDependencies: { wasm: '*' } },
      'node_modules/wasm': { version: v, dependencies: { '@emnapi/runtime': '*' } },
    })
    expect(found.map(({ platform, severity }) => [platform, severity])).toEqual([
      ['linux/amd64', 'error'],
      ['linux/arm64', 'error'],
    ])
  })

  it('names a required package that excludes a platform', () => {
    const found = findings({
      '': { dependencies: { '@img/sharp-linux-x64': '*' } },
      'node_modules/@img/sharp-linux-x64': { ...x64, optional: false },
    })
    expect(found).toMatchObject([
      {
        rule: 'lockfile/unsupported-platform',
        severity: 'error',
        platform: 'linux/arm64',
        package: '@img/sharp-linux-x64@1.0.0',
      },
    ])
  })
})

describe('namedPlatform', () => {
  it.each([
    ['@img/sharp-linuxmusl-arm64', { os: 'linux', cpu: 'arm64', libc: 'musl' }],
    ['@next/swc-linux-x64-gnu', { os: 'linux', cpu: 'x64', libc: 'glibc' }],
    ['@node-rs/argon2-linux-arm-gnueabihf', { os: 'linux', cpu: 'arm', libc: 'glibc' }],
    ['@esbuild/linux-s390x', { os: 'linux', cpu: 's390x' }],
    ['@cloudflare/workerd-windows-64', { os: 'win32', cpu: 'x64' }],
    ['@img/sharp-wasm32', { cpu: 'wasm32' }],
    ['@parcel/watcher-darwin-arm64', { os: 'darwin', cpu: 'arm64' }],
    ['js-base-64', undefined],
    ['bufferutil', undefined],
    ['fsevents', undefined],
  ])('%s', (name, platform) => {
    expect(namedPlatform(name)).toEqual(platform)
  })
})
