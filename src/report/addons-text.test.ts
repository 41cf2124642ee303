import { describe, expect, it } from 'vitest'
import type { AddonsReport, ReportedAddon } from '../addons/index.ts'
import { addonsText } from './addons-text.ts'

function addon(name: string, more: Partial<ReportedAddon>): ReportedAddon {
  return {
    name,
    version: '1.0.0',
    location: `node_modules/${name}`,
    mechanism: 'bundled',
    optional: false,
    dev: false,
    binding: { abis: [] },
    commands: [],
    notes: [],
    platforms: {},
    path: ['shop', `${name}@1.0.0`],
    ...more,
  }
}

const openssl = {
  name: 'openssl',
  debianDev: 'libssl-dev',
  debianRuntime: 'libssl3',
  alpineDev: 'openssl-dev',
  alpineRuntime: 'libssl3',
}
const ready = { status: 'prebuilt', how: 'bundled', evidence: 'prebuilds/x.node' } as const
const report: AddonsReport = {
  project: 'shop',
  lockfile: 'package-lock.json',
  node: { version: '22', reason: '.nvmrc' },
  libc: { name: 'glibc', version: '2.36', reason: 'base debian:bookworm' },
  platforms: ['linux/amd64', 'linux/arm64'],
  packages: [
    addon('fast', { platforms: { 'linux/amd64': ready, 'linux/arm64': ready } }),
    addon('deep', {
      mechanism: 'source',
      builder: 'node-gyp',
      needs: { python: true, cxxStandard: 20, tools: ['perl'], systemLibraries: [openssl] },
      notes: ['it is slow'],
      path: ['shop', 'middle@2.0.0', 'deep@1.0.0'],
      platforms: {
        'linux/amd64': { status: 'compile', evidence: 'node-gyp rebuild' },
        'linux/arm64': { status: 'compile', evidence: 'node-gyp rebuild' },
      },
    }),
    addon('lost', {
      mechanism: 'optional-packages',
      platforms: {
        'linux/amd64': { ...ready, how: 'optional-package' },
        'linux/arm64': { status: 'impossible', evidence: 'optionalDependencies', reason: 'nobody built it' },
      },
    }),
    addon('thanks', { mechanism: 'script-only' }),
  ],
  development: [addon('tool', { mechanism: 'tool', dev: true, platforms: { 'linux/amd64': ready } })],
  findings: [],
  unread: [
    { package: 'hidden@1.0.0', reason: 'not in the cache', suspected: true },
    { package: 'plain@1.0.0', reason: 'not in the cache', suspected: false },
  ],
}

describe('addonsText', () => {
  it('is a table of packages by platforms, with why and what to do', () => {
    expect(addonsText(report, { colour: false, columns: 120, why: false })).toBe(`\
shop  Node 22 (.nvmrc) · glibc 2.36 (base debian:bookworm) · package-lock.json

            linux/amd64  linux/arm64  how
fast 1.0.0  ✓            ✓            in its tarball
deep 1.0.0  compiles     compiles     node-gyp; needs g++ (C++20) make python3 perl libssl-dev
    it is slow
    why: shop → middle@2.0.0 → deep@1.0.0
lost 1.0.0  ✓            ✗ none       optional packages; no sources
    linux/arm64: nobody built it

only for development, in no image
            linux/amd64  linux/arm64  how
tool 1.0.0  ✓            –            executables

install scripts, nothing native: thanks 1.0.0

hidden@1.0.0 was not looked at: not in the cache
1 package could not be opened; the lockfile tells of nothing native in them

✓ ready in what npm installs · compiles has to be compiled · ✗ none neither a binary nor sources

3 packages with native code: 1 ready on every platform · 1 compiled somewhere · not to be had everywhere: lost@1.0.0
`)
  })

  it('names the packages of Alpine for musl, wraps, and says why everything is here when asked', () => {
    const musl = { ...report, libc: { name: 'musl' as const, reason: '--libc' } }
    const text = addonsText(musl, { colour: false, columns: 70, why: true })
    expect(text).toContain('openssl-dev')
    expect(text).toContain('why: shop → fast@1.0.0')
    expect(
      Math.max(
        ...text
          .split('\n')
          .filter((line) => /^ {20}/.test(line))
          .map((line) => line.length),
      ),
    ).toBeLessThan(76)
  })

  it('says so when nothing is native', () => {
    const nothing = { ...report, packages: [], development: [], unread: [] }
    expect(addonsText(nothing, { colour: false, columns: 80, why: false })).toContain(
      'no package of the service has native code',
    )
  })
})
