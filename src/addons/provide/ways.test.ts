import { describe, expect, it } from 'vitest'
import type { AddonStatus } from '../classify/addon-package.ts'
import { settingsOf, waysLeft } from './ways.ts'

const bundled: AddonStatus = { status: 'prebuilt', how: 'bundled', evidence: 'prebuilds/linux-x64/a.node' }
const carried: AddonStatus = { status: 'prebuilt', how: 'optional-package', evidence: '@a/linux-x64@1.0.0' }
const download: AddonStatus = { status: 'download', evidence: 'prebuild-install || node-gyp rebuild' }
const compile: AddonStatus = { status: 'compile', evidence: 'node-gyp rebuild' }
const source = { mechanism: 'source' as const, optional: false }

describe('waysLeft', () => {
  it('leaves what a package brings alone', () => {
    expect(waysLeft(source, bundled, {})).toEqual([])
    expect(waysLeft(source, carried, {})).toEqual([])
    expect(waysLeft(source, { status: 'not-native', evidence: '' }, {})).toEqual([])
  })

  it('goes from the cheap way to the costly one', () => {
    expect(waysLeft(source, download, {})).toEqual(['download', 'compile', 'emulate'])
    expect(waysLeft(source, compile, {})).toEqual(['compile', 'emulate'])
  })

  it('emulates where nothing else helps, where it is asked to, and never where it is forbidden', () => {
    const optional = { ...source, optional: true }
    expect(waysLeft(optional, compile, {})).toEqual(['compile'])
    expect(waysLeft(optional, compile, { emulate: true })).toEqual(['emulate'])
    expect(waysLeft(source, download, { emulate: true })).toEqual(['download', 'emulate'])
    expect(waysLeft(source, bundled, { emulate: true })).toEqual([])
    expect(waysLeft(source, compile, { emulate: false })).toEqual(['compile'])
    expect(waysLeft(source, compile, { from: ['emulate', 'compile'] })).toEqual(['emulate', 'compile'])
  })

  it('goes the ways of the configuration and no others', () => {
    expect(waysLeft(source, bundled, { from: ['compile'] })).toEqual(['compile'])
    expect(waysLeft(source, bundled, { from: ['compile', 'bundled'] })).toEqual(['compile'])
    expect(waysLeft(source, bundled, { from: ['bundled', 'compile'] })).toEqual([])
    expect(waysLeft(source, download, { from: ['download'] })).toEqual(['download'])
    expect(waysLeft(source, compile, { from: ['download'] })).toEqual([])
  })

  it('does not put what a tool downloads into an image, unless it is asked to', () => {
    const tool = { mechanism: 'tool' as const, optional: true }
    expect(waysLeft(tool, download, {})).toEqual([])
    expect(waysLeft(tool, download, { script: 'make' })).toEqual(['download', 'compile'])
  })
})

describe('settingsOf', () => {
  it("puts a package's own over those of every package", () => {
    expect(settingsOf('a', { '*': { strip: false, jobs: 2 }, a: { jobs: 1 } })).toEqual({
      strip: false,
      jobs: 1,
    })
    expect(settingsOf('b', { a: { jobs: 1 } })).toEqual({})
  })
})
