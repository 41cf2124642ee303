/** What costs room and does no harm: information, with bytes. */
import { expect, it } from 'vitest'
import type { Finding } from '../../src/base/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { compilers, nodeApiAddon } from './compile.ts'
import { baseOf, type Files, memoryRecords, singleImage, verify } from './image.ts'

const records = memoryRecords()

/** The informative findings of these files on the base image for amd64. */
async function waste(files: Files): Promise<Finding[]> {
  const base = baseOf(await nodeBaseImage(), 'linux/amd64')
  const image = await singleImage({
    platform: 'linux/amd64',
    layers: [...base.layers, files],
    config: base.config,
  })
  const report = await verify(image, { records, platforms: [{ os: 'linux', architecture: 'amd64' }] })
  expect(report.counts).toMatchObject({ errors: 0, warnings: 0 })
  return report.findings
}

const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more })

describeWith(['base-image', ...Object.values(compilers)], 'waste', () => {
  it('prebuilds for other platforms', async () => {
    const arm = nodeApiAddon('arm64')
    const findings = await waste({
      'app/node_modules/native/package.json': manifest('native'),
      'app/node_modules/native/prebuilds/linux-x64/native.node': nodeApiAddon('amd64'),
      'app/node_modules/native/prebuilds/linux-arm64/native.node': arm,
      'app/node_modules/native/prebuilds/android-arm64/native.node': arm,
    })
    expect(findings).toMatchObject([
      { rule: 'image/foreign-prebuilds', package: 'native@1.0.0', details: { bytes: 2 * arm.length } },
    ])
  })

  it('packages for other platforms', async () => {
    const arm = nodeApiAddon('arm64')
    const findings = await waste({
      'app/node_modules/@native/linux-arm64/package.json': manifest('@native/linux-arm64', {
        cpu: ['arm64'],
      }),
      'app/node_modules/@native/linux-arm64/native.node': arm,
    })
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ['image/foreign-prebuilds', 'app/node_modules/@native/linux-arm64'],
    ])
  })

  it('builds for the other C library, told by package.json, by the name, and by the tag', async () => {
    const musl = nodeApiAddon('amd64-musl')
    const findings = await waste({
      'app/node_modules/@native/linux-x64-musl/package.json': manifest('@native/linux-x64-musl', {
        libc: ['musl'],
      }),
      'app/node_modules/@native/linux-x64-musl/native.node': musl,
      'app/node_modules/@named/linuxmusl-x64/package.json': manifest('@named/linuxmusl-x64'),
      'app/node_modules/@named/linuxmusl-x64/native.node': musl,
      'app/node_modules/tagged/package.json': manifest('tagged'),
      'app/node_modules/tagged/prebuilds/linux-x64/tagged.glibc.node': nodeApiAddon('amd64'),
      'app/node_modules/tagged/prebuilds/linux-x64/tagged.musl.node': musl,
    })
    expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
      ['image/duplicate-libc-builds', 'app/node_modules/@named/linuxmusl-x64'],
      ['image/duplicate-libc-builds', 'app/node_modules/@native/linux-x64-musl'],
      ['image/duplicate-libc-builds', 'app/node_modules/tagged'],
    ])
  })

  it('development dependencies, and what only they need', async () => {
    const findings = await waste({
      'app/package.json': manifest('app', { dependencies: { used: '1' }, devDependencies: { tool: '1' } }),
      'app/node_modules/used/package.json': manifest('used', { dependencies: { both: '1' } }),
      'app/node_modules/tool/package.json': manifest('tool', { dependencies: { both: '1', helper: '1' } }),
      'app/node_modules/tool/node_modules/helper/package.json': manifest('helper'),
      'app/node_modules/both/package.json': manifest('both'),
    })
    expect(findings).toMatchObject([
      {
        rule: 'image/dev-dependencies',
        path: 'app/package.json',
        details: { packages: ['tool@1.0.0', 'helper@1.0.0'] },
      },
    ])
  })

  it('caches of package managers', async () => {
    const findings = await waste({
      'root/.npm/_cacache/content': Buffer.alloc(100_000),
      'var/lib/apt/lists/Packages': Buffer.alloc(200_000),
      'home/node/.cache/node-gyp/small': 'x',
    })
    expect(findings.map(({ path, details }) => [path, details?.bytes])).toEqual([
      ['root/.npm/_cacache', 100_000],
      ['var/lib/apt/lists', expect.any(Number)],
    ])
  })

  it('nothing where there is nothing', async () => {
    expect(await waste({ 'app/server.js': '' })).toEqual([])
  })
})
