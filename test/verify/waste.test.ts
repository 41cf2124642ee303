/** What costs room and does no harm: information, with bytes. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../src/base/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureMusl } from '../engines/musl.ts'
import { compilers, nodeApiAddon } from './compile.ts'
import { type Architecture, other } from './planted-faults.ts'
import { baseOf, type Files, memoryRecords, singleImage, verify } from './image.ts'

const records = memoryRecords()

const architectures = ['amd64', 'arm64'] as const
const npmName = { amd64: 'x64', arm64: 'arm64' } as const

/** The informative findings of these files on the base image. */
async function waste(architecture: Architecture, files: Files): Promise<Finding[]> {
  const platform = `linux/${architecture}`
  const base = baseOf(await nodeBaseImage(), platform)
  const image = await singleImage({ platform, layers: [...base.layers, files], config: base.config })
  const report = await verify(image, { records, platforms: [{ os: 'linux', architecture }] })
  expect(report.counts).toMatchObject({ errors: 0, warnings: 0 })
  return report.findings
}

const manifest = (name: string, more: object = {}) => JSON.stringify({ name, version: '1.0.0', ...more })

describeWith(['base-image', 'musl', ...Object.values(compilers)], 'waste', () => {
  beforeAll(() => ensureMusl(architectures), 120_000)

  describe.each(architectures)('%s', (architecture) => {
    const [own, foreign] = [npmName[architecture], npmName[other(architecture)]]

    it('prebuilds for other platforms', async () => {
      const strange = nodeApiAddon(other(architecture))
      const findings = await waste(architecture, {
        'app/node_modules/native/package.json': manifest('native'),
        [`app/node_modules/native/prebuilds/linux-${own}/native.node`]: nodeApiAddon(architecture),
        [`app/node_modules/native/prebuilds/linux-${foreign}/native.node`]: strange,
        'app/node_modules/native/prebuilds/android-arm64/native.node': strange,
      })
      expect(findings).toMatchObject([
        { rule: 'image/foreign-prebuilds', package: 'native@1.0.0', details: { bytes: 2 * strange.length } },
      ])
    })

    it('packages for other platforms', async () => {
      const strange = nodeApiAddon(other(architecture))
      const name = `@native/linux-${foreign}`
      const folder = `app/node_modules/${name}`
      const findings = await waste(architecture, {
        [`${folder}/package.json`]: manifest(name, { cpu: [foreign] }),
        [`${folder}/native.node`]: strange,
      })
      expect(findings.map(({ rule, path }) => [rule, path])).toEqual([['image/foreign-prebuilds', folder]])
    })

    it('builds for the other C library, told by package.json, by the name, and by the tag', async () => {
      const musl = nodeApiAddon(`${architecture}-musl`)
      const [told, named] = [`@native/linux-${own}-musl`, `@named/linuxmusl-${own}`]
      const findings = await waste(architecture, {
        [`app/node_modules/${told}/package.json`]: manifest(told, { libc: ['musl'] }),
        [`app/node_modules/${told}/native.node`]: musl,
        [`app/node_modules/${named}/package.json`]: manifest(named),
        [`app/node_modules/${named}/native.node`]: musl,
        'app/node_modules/tagged/package.json': manifest('tagged'),
        [`app/node_modules/tagged/prebuilds/linux-${own}/tagged.glibc.node`]: nodeApiAddon(architecture),
        [`app/node_modules/tagged/prebuilds/linux-${own}/tagged.musl.node`]: musl,
      })
      expect(findings.map(({ rule, path }) => [rule, path])).toEqual([
        ['image/duplicate-libc-builds', `app/node_modules/${named}`],
        ['image/duplicate-libc-builds', `app/node_modules/${told}`],
        ['image/duplicate-libc-builds', 'app/node_modules/tagged'],
      ])
    })

    it('development dependencies, and what only they need', async () => {
      const findings = await waste(architecture, {
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
      const findings = await waste(architecture, {
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
      expect(await waste(architecture, { 'app/server.js': '' })).toEqual([])
    })
  })
})
