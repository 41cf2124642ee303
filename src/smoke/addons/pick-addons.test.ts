import { describe, expect, it } from 'vitest'
import type { Elf } from '../../elf/index.ts'
import type { FoundAddon } from './find-addons.ts'
import { pickAddons } from './pick-addons.ts'

const elf = (architecture: string, more: Partial<Elf> = {}): Elf => ({
  class: 64,
  endianness: 'little',
  machine: architecture === 'amd64' ? 62 : 183,
  machineName: architecture === 'amd64' ? 'x86-64' : 'AArch64',
  architecture,
  osAbi: 0,
  type: 'shared',
  flags: 0,
  linking: 'dynamic',
  needed: [],
  versionNeeds: [],
  versionDefinitions: [],
  libc: 'glibc',
  addon: { abis: [] } as unknown as NonNullable<Elf['addon']>,
  nodeApiImports: [],
  nodeApiExports: [],
  damage: [],
  ...more,
})
const addon = (path: string, file?: Elf): FoundAddon => ({ path, ...(file ? { elf: file } : {}) })
const arm64 = { os: 'linux', architecture: 'arm64' }
const pick = (...found: FoundAddon[]) => {
  const { candidates, skipped } = pickAddons(found, arm64)
  return { loads: candidates.map(({ path }) => path), skips: Object.fromEntries(skipped) }
}

describe('pickAddons', () => {
  it('of builds side by side, takes those of the platform', () => {
    const of = (name: string) => `app/node_modules/x/prebuilds/${name}/x.node`
    expect(
      pick(
        addon(of('linux-x64'), elf('amd64')),
        addon(of('linux-arm64'), elf('arm64')),
        addon(of('darwin-arm64')),
        addon(of('android-arm64'), elf('arm64', { libc: 'bionic' })),
      ),
    ).toEqual({
      loads: [of('linux-arm64')],
      skips: {
        [of('linux-x64')]: 'is for amd64',
        [of('darwin-arm64')]: 'is for another system',
        [of('android-arm64')]: 'is for arm64',
      },
    })
  })

  it('takes what stands where require finds it, whatever it was compiled for', () => {
    const path = 'app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'
    expect(pick(addon(path, elf('amd64'))).loads).toEqual([path])
    expect(pick(addon(path)).loads).toEqual([path])
  })

  it('a package whose folder names a platform is one of several; a folder above node_modules says nothing', () => {
    const sharp = 'app/node_modules/@img/sharp-linuxmusl-arm64/lib/sharp.node'
    const below = 'srv/linux/app/node_modules/x/build/Release/x.node'
    expect(pick(addon(sharp, elf('amd64'))).loads).toEqual([])
    expect(pick(addon(below, elf('amd64'))).loads).toEqual([below])
  })

  it('C library and Node ABI are left to the running Node to judge, where there is a choice', () => {
    const abis = { abis: [115] } as unknown as NonNullable<Elf['addon']>
    const path = 'app/node_modules/x/prebuilds/linux-arm64/node.musl.node'
    const file = elf('arm64', { libc: 'musl', addon: abis })
    expect(pickAddons([addon(path, file)], arm64).candidates).toEqual([{ path, libc: 'musl', abis: [115] }])
    const only = 'app/node_modules/x/build/Release/x.node'
    expect(pickAddons([addon(only, file)], arm64).candidates).toEqual([{ path: only }])
  })

  it('leaves out tests, intermediate files, libraries that are no addons, and what is for Electron', () => {
    const { addon: _, ...library } = elf('arm64')
    expect(
      pick(
        addon('app/node_modules/x/build/Release/obj.target/x.node', elf('arm64')),
        addon('app/node_modules/x/test/fixture.node', elf('arm64')),
        addon('app/node_modules/x/lib/plain.node', library),
        addon('app/node_modules/x/prebuilds/linux-arm64/electron.napi.node', elf('arm64')),
      ).loads,
    ).toEqual([])
  })

  it('a damaged file where require finds it is loaded, so that its failure is seen', () => {
    const { addon: _, ...cut } = elf('arm64', { damage: ['ends too early'] })
    const path = 'app/node_modules/x/build/Release/x.node'
    expect(pick(addon(path, cut)).loads).toEqual([path])
  })
})
