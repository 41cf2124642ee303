/** Packages with native code are told from the files of their tarballs, with locks that the real npm wrote. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { classifyAddons } from '../../src/addons/index.ts'
import { planNodeModules, type TargetPlatform } from '../../src/npm/index.ts'
import { manifest, packedProject } from '../npm/packed-project.ts'
import { readLock, signal, target, type Workplace, workplace } from '../npm/workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await workplace('written-by-npm-10')
})
afterEach(() => place[Symbol.asyncDispose]())

/** What is said of the project for the platforms. */
async function classified(platforms: TargetPlatform[]) {
  const { source, folder } = place
  const plan = await planNodeModules(await readLock(folder), { platforms, source, signal })
  return classifyAddons(plan, { platforms, source, signal })
}

describe('classifyAddons', () => {
  const platforms: TargetPlatform[] = [target('linux/amd64', 'glibc'), target('linux/arm64', 'glibc')]

  it('tells what scripts would do from their text', async () => {
    const downloading = "fetch('https://example.com/' + process.arch + '/x.node')"
    await packedProject(place.folder, {
      compiles: { 'package.json': manifest('compiles', { scripts: { install: 'node-gyp rebuild' } }) },
      downloads: {
        'package.json': manifest('downloads', {
          scripts: { install: 'prebuild-install || node-gyp rebuild' },
        }),
      },
      fetches: {
        'package.json': manifest('fetches', { scripts: { postinstall: 'node scripts/get' } }),
        'scripts/get.js': "require('./deeper')",
        'scripts/deeper.js': downloading,
      },
      indirect: {
        'package.json': manifest('indirect', {
          scripts: { install: 'npm run make', make: 'cmake-js build' },
        }),
      },
      tolerant: {
        'package.json': manifest('tolerant', { scripts: { install: 'node-gyp rebuild || exit 0' } }),
      },
      harmless: {
        'package.json': manifest('harmless', { scripts: { postinstall: 'node thanks.js' } }),
        'thanks.js': "console.log('see https://example.com')",
      },
      silent: { 'package.json': manifest('silent', {}) },
    })
    const addons = await classified(platforms)
    expect(
      addons.map((addon) => [
        addon.name,
        addon.mechanism,
        addon.platforms['linux/arm64']?.status,
        addon.optional,
      ]),
    ).toEqual([
      ['compiles', 'source', 'compile', false],
      ['downloads', 'download', 'download', false],
      ['fetches', 'download', 'download', false],
      ['harmless', 'script-only', 'not-native', false],
      ['indirect', 'source', 'compile', false],
      ['tolerant', 'source', 'compile', true],
    ])
    const named = new Set(addons.map(({ platforms }) => Object.keys(platforms).join(' ')))
    expect([...named]).toEqual(['linux/amd64 linux/arm64'])
  })

  it('knows packages that leave their binary to optional packages, and the platform that has none', async () => {
    const all = [...platforms, target('linux/riscv64', 'glibc')]
    const addons = await classified(all)
    const of = (name: string) => Object.entries(addons.find((addon) => addon.name === name)?.platforms ?? {})
    expect(of('esbuild').map(([, { status, evidence }]) => [status, evidence])).toEqual([
      ['prebuilt', '@esbuild/linux-x64@0.25.0'],
      ['prebuilt', '@esbuild/linux-arm64@0.25.0'],
      ['prebuilt', '@esbuild/linux-riscv64@0.25.0'],
    ])
    expect(of('@node-rs/argon2').map(([platform, { status }]) => [platform, status])).toEqual([
      ['linux/amd64', 'prebuilt'],
      ['linux/arm64', 'prebuilt'],
      ['linux/riscv64', 'wasm'],
    ])
  })
})
