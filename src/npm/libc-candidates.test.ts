import { describe, expect, it } from 'vitest'
import { parsePackageLock } from '../lockfile/index.ts'
import { libcCandidates } from './libc-candidates.ts'

describe('libcCandidates', () => {
  it('asks packages that tell of a choice by their name or by a sibling', () => {
    const restricted = { version: '1.0.0', os: ['linux'], cpu: ['x64'] }
    const names = [
      '@img/sharp-linux-x64',
      '@img/sharp-linuxmusl-x64',
      '@img/sharp-linux-arm64',
      '@node-rs/argon2-linux-x64-gnu',
      '@node-rs/argon2-linux-arm-gnueabihf',
      '@parcel/watcher-linux-x64-glibc',
      '@esbuild/linux-x64',
    ]
    const packages = {
      '': {},
      ...Object.fromEntries(names.map((name) => [`node_modules/${name}`, restricted])),
      'node_modules/@next/swc-linux-x64-gnu': { ...restricted, libc: ['glibc'] },
      'node_modules/docs-for-musl': { version: '1.0.0' },
    }
    const lock = parsePackageLock(JSON.stringify({ lockfileVersion: 3, packages }), 'package-lock.json')
    expect(libcCandidates([...lock.packages.values()]).map(({ name }) => name)).toEqual([
      '@img/sharp-linux-x64',
      '@img/sharp-linuxmusl-x64',
      '@node-rs/argon2-linux-x64-gnu',
      '@node-rs/argon2-linux-arm-gnueabihf',
      '@parcel/watcher-linux-x64-glibc',
    ])
  })
})
