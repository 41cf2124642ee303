import { describe, expect, it } from 'vitest'
import type { Target } from './platform-label.ts'
import { choosePrebuild } from './prebuildify.ts'

const glibc: Target = { os: 'linux', cpu: 'x64', libc: 'glibc', abi: 127 }
const musl: Target = { ...glibc, libc: 'musl' }
const arm64: Target = { ...glibc, cpu: 'arm64' }

describe('choosePrebuild', () => {
  it.each<[readonly string[], Target, string | undefined]>([
    [['bcrypt.glibc.node', 'bcrypt.musl.node'], glibc, 'bcrypt.glibc.node'],
    [['bcrypt.glibc.node', 'bcrypt.musl.node'], musl, 'bcrypt.musl.node'],
    // a file without a tag is taken on any C library, unless a more exact one is there
    [['level.node'], musl, 'level.node'],
    [['level.node', 'level.musl.node'], musl, 'level.musl.node'],
    [['node.abi115.node', 'node.abi127.node'], glibc, 'node.abi127.node'],
    [['node.abi115.node'], glibc, undefined],
    [['node.napi.node', 'node.abi127.node'], glibc, 'node.abi127.node'],
    [['electron.napi.node', 'node.napi.node'], glibc, 'node.napi.node'],
    [['electron.abi113.node'], glibc, undefined],
    [['x.armv8.node'], arm64, 'x.armv8.node'],
    [['x.armv7.node'], arm64, undefined],
    [[], glibc, undefined],
  ])('%j', (files, target, expected) => {
    expect(choosePrebuild(files, target)).toBe(expected)
  })
})
