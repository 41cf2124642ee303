/**
 * Widely used native packages, installed by npm for each platform without running any script: what is said of each of them was
 * written down by hand, from the packages' own documentation and files. Every other package must be silent.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readLayer } from '../../src/verify/layer/read-layer.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureMusl } from '../engines/musl.ts'
import { type Base, baseOf, packLayer, signal, singleImage, verify } from './image.ts'
import { installPackages, packFolder } from './installed-packages.ts'
import { muslBase } from './musl-base.ts'

type Platform = 'amd64-glibc' | 'arm64-glibc' | 'arm64-musl'
const platforms: readonly Platform[] = ['amd64-glibc', 'arm64-glibc', 'arm64-musl']
const everywhere = (finding: string) => Object.fromEntries(platforms.map((platform) => [platform, finding]))
const notCompiled = everywhere('error image/addon-not-compiled')
const notMissed = everywhere('warning image/addon-not-compiled')
const glibcOnly = { 'arm64-musl': 'error image/libc-mismatch' }
const silent = {}

/** Package and version, and what is found on each platform. */
const packages: Record<string, Partial<Record<Platform, string>>> = {
  // optional packages for each platform
  '@node-rs/argon2@2.2.1': silent,
  '@node-rs/crc32@1.10.8': silent,
  '@node-rs/xxhash@1.7.8': silent,
  '@parcel/watcher@2.6.0': silent,
  'esbuild@0.28.2': silent,
  'lightningcss@1.33.0': silent,
  'lmdb@3.5.6': silent,
  'msgpackr@1.11.5': silent,
  'oxc-parser@0.158.0': silent,
  'sharp@0.35.5': silent,
  'snappy@7.4.3': silent,
  'unrs-resolver@1.13.0': silent,
  'usb@3.1.0': silent,
  // prebuilds in the package
  '@datadog/native-metrics@4.0.0': silent,
  '@serialport/bindings-cpp@13.0.1': silent,
  'argon2@0.45.1': silent,
  'bcrypt@6.0.0': silent,
  'farmhash@5.0.1': silent,
  'classic-level@3.0.0': glibcOnly,
  'sodium-native@5.1.0': glibcOnly,
  'bufferutil@4.1.0': {
    'arm64-glibc': 'warning image/missing-prebuild',
    'arm64-musl': 'warning image/missing-prebuild',
  },
  'utf-8-validate@6.0.6': {
    'arm64-glibc': 'warning image/missing-prebuild',
    'arm64-musl': 'warning image/missing-prebuild',
  },
  'deasync@0.1.32': {
    'arm64-glibc': 'error image/missing-prebuild',
    'arm64-musl': 'error image/missing-prebuild',
  },
  // downloaded or compiled by an install script
  'better-sqlite3@12.11.1': notCompiled,
  'heapdump@0.3.15': notCompiled,
  'kerberos@7.0.0': notCompiled,
  'keytar@7.9.0': notCompiled,
  'libpq@1.11.0': notCompiled,
  'sqlite3@6.0.1': notCompiled,
  'unix-dgram@2.0.7': notCompiled,
  'bigint-buffer@1.1.5': notMissed,
  'ssh2@1.17.0': silent,
  // ships the build of its developer's macOS
  'node-expat@2.4.1': everywhere('error image/foreign-object-format'),
}

/** What they bring with them: optional for ssh2, which is written to do without. */
const brought: typeof packages = { 'cpu-features@0.0.10': notMissed }

describeWith(['base-image', 'musl'], 'native packages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'everyarch-packages-'))
  const bases = new Map<Platform, Base>()
  afterAll(() => rmSync(folder, { recursive: true }))

  beforeAll(async () => {
    await ensureMusl(['arm64'])
    const layout = await nodeBaseImage()
    bases.set('amd64-glibc', baseOf(layout, 'linux/amd64'))
    const arm64 = baseOf(layout, 'linux/arm64')
    bases.set('arm64-glibc', arm64)
    const musl = await packLayer(muslBase('arm64', await functionsOfNode(arm64)))
    bases.set('arm64-musl', { layers: [musl], config: { Cmd: ['node'], Env: ['NODE_VERSION=22.23.0'] } })
  })

  it.each(platforms)('%s', { timeout: 600_000 }, async (platform) => {
    const [architecture = '', libc = ''] = platform.split('-')
    const app = join(folder, platform)
    const cpu = architecture === 'amd64' ? 'x64' : architecture
    await installPackages(app, Object.keys(packages), { cpu, libc })
    const layer = await packFolder(app, 'app')
    rmSync(app, { recursive: true })
    const base = bases.get(platform) as Base
    const image = await singleImage({
      platform: `linux/${architecture}`,
      layers: [...base.layers, layer],
      config: base.config,
    })
    const report = await verify(image, { platforms: [{ os: 'linux', architecture }] })
    const found = report.findings.filter(({ severity }) => severity !== 'info')
    const expected = Object.entries({ ...packages, ...brought }).flatMap(([name, findings]) =>
      findings[platform] === undefined ? [] : [`${findings[platform]} ${name}`],
    )
    expect(found.map(({ severity, rule, package: owner }) => `${severity} ${rule} ${owner}`).sort()).toEqual(
      expected.sort(),
    )
    expect(Object.keys(packages).length).toBeGreaterThan(25)
  })
})

/** The Node-API functions that the base image's Node offers. */
async function functionsOfNode({ layers }: Base): Promise<readonly string[]> {
  for (const { content } of layers) {
    const { members } = await readLayer(content, { signal })
    const file = members.find(([path]) => path === 'usr/local/bin/node')?.[4]?.content
    if (file?.kind === 'elf') return file.elf.nodeApiExports
  }
  return []
}
