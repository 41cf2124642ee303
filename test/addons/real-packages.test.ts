/**
 * Widely used packages, classified from their tarballs alone. What is said of each was not established with the code under
 * test. O, B, and that there is neither: all of them were installed by npm (`--ignore-scripts`) for each of the six targets, and
 * `readelf` asked every file for processor, C library and glibc's symbols. D, C, W and X: by reading install scripts and lockfile.
 *
 * One letter for each of linux/amd64, linux/arm64, linux/arm/v7 with glibc 2.36, then the same with musl: O optional package,
 * B in its tarball, D downloaded, C compiled, W WebAssembly, X not to be had, - nothing needed.
 */
import { cp, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AddonPackage, type AddonStatus, classifyAddons } from '../../src/addons/index.ts'
import { parsePackageLock } from '../../src/lockfile/index.ts'
import { planNodeModules, type TargetPlatform } from '../../src/npm/index.ts'
import { parsePlatform } from '../../src/oci/index.ts'
import { openWorkplace, signal, type Workplace } from '../npm/workplace.ts'

const truth: Record<string, string> = {
  // optional packages for each platform
  '@node-rs/argon2@2.2.1': 'OOO OOX optional-packages',
  '@node-rs/bcrypt@2.0.0': 'OXX XXX optional-packages',
  '@node-rs/crc32@1.10.8': 'OOO OOX optional-packages',
  '@node-rs/jieba@2.0.3': 'OOO OOX optional-packages',
  '@parcel/watcher@2.6.0': 'OOO OOO optional-packages',
  'lightningcss@1.33.0': 'OOO OOX optional-packages',
  'lmdb@3.5.6': 'OOO OOC optional-packages',
  'msgpackr-extract@3.0.7': 'OOO OOO optional-packages',
  'sharp@0.35.5': 'OOO OOW optional-packages',
  'snappy@7.4.3': 'OOO OOX optional-packages',
  'unrs-resolver@1.13.0': 'OOO OOO optional-packages',
  'usb@3.1.0': 'OOO OOX optional-packages',
  // binaries in the tarball
  '@datadog/native-metrics@4.0.0': 'BBB BBX bundled',
  '@datadog/pprof@5.20.0': 'BBX BBX bundled',
  '@sentry/node-cpu-profiler@2.4.4': 'BBC BBC bundled',
  '@serialport/bindings-cpp@13.0.1': 'BBB BBB bundled',
  'argon2@0.45.1': 'BBB BBB bundled',
  'bcrypt@6.0.0': 'BBB BBB bundled',
  'bufferutil@4.1.0': 'BCC CCC bundled optional',
  'classic-level@3.0.0': 'BBB BCC bundled',
  'deasync@0.1.32': 'BCC CCC bundled',
  'farmhash@5.0.1': 'BBX BBX bundled',
  'leveldown@6.1.1': 'BBB BCC bundled',
  'microtime@3.1.1': 'BBB CCC bundled',
  'node-hid@3.4.0': 'BBB BCC bundled',
  'oracledb@26.0.0': 'BBX XXX bundled optional',
  'ref-napi@3.0.3': 'BBC CCC bundled',
  'robotjs@0.9.1': 'BBC CCC bundled',
  'sodium-native@5.1.0': 'BBX XXX bundled',
  'better-sqlite3@13.0.2': 'BCC BBC bundled',
  'tree-sitter@0.25.1': 'BBC CCC bundled',
  'utf-8-validate@6.0.6': 'BCC BCC bundled optional',
  'zeromq@6.8.0': 'BBC BBC bundled',
  // fetched by an install script
  '@confluentinc/kafka-javascript@1.10.1': 'DDD DDD download',
  '@discordjs/opus@0.10.0': 'DDD DDD download',
  '@mongodb-js/zstd@7.0.0': 'DDD DDD download',
  '@tensorflow/tfjs-node@4.22.0': 'DDD DDD download',
  'bcrypt@5.1.1': 'DDD DDD download',
  'better-sqlite3@12.11.1': 'DDD DDD download',
  'canvas@3.2.3': 'DDD DDD download',
  'faiss-node@0.5.1': 'DDD DDD download',
  'gl@8.1.6': 'DDD DDD download',
  'grpc@1.24.11': 'DDD DDD download',
  'ibm_db@4.0.1': 'DXX DXX download',
  'isolated-vm@5.0.4': 'DDD DDD download',
  'kerberos@7.0.0': 'DDD DDD download',
  'keytar@7.9.0': 'DDD DDD download',
  'mongodb-client-encryption@7.2.1': 'DDD DDD download',
  'node-sass@9.0.0': 'DDD DDD download',
  'odbc@2.6.0': 'DDD DDD download',
  're2@1.24.0': 'DDD DDD download',
  'sqlite3@6.0.1': 'DDD DDD download',
  // compiled
  'bigint-buffer@1.1.5': 'CCC CCC source optional',
  'cpu-features@0.0.10': 'CCC CCC source',
  'heapdump@0.3.15': 'CCC CCC source',
  'i2c-bus@5.2.3': 'CCC CCC source',
  'libpq@1.11.0': 'CCC CCC source',
  'node-expat@2.4.1': 'CCC CCC source',
  'node-pty@1.1.0': 'CCC CCC source',
  'node-rdkafka@3.6.1': 'CCC CCC source',
  'ssh2@1.17.0': 'CCC CCC source optional',
  'unix-dgram@2.0.7': 'CCC CCC source',
  // executables, and scripts that no binary depends on
  '7zip-bin@5.2.0': 'BBB XXX tool',
  '@prisma/engines@7.10.1': 'DDD DDD tool',
  'core-js@3.29.1': '--- --- script-only',
  'esbuild@0.28.2': 'OOO OOO tool',
  'ffmpeg-static@5.3.0': 'DDD DDD tool',
  'puppeteer@24.43.1': 'DXX DXX tool optional',
}

const names = ['linux/amd64', 'linux/arm64', 'linux/arm/v7']
const libraries = ['glibc', 'musl'] as const
let place: Workplace
const found = new Map<string, Record<(typeof libraries)[number], AddonPackage>>()

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-addons-'))
  await cp(join(import.meta.dirname, 'fixtures/real-packages'), folder, { recursive: true })
  place = await openWorkplace(folder)
  for (const libc of libraries) {
    for (const addon of await classified(libc)) {
      const name = `${addon.name}@${addon.version}`
      const both = found.get(name) ?? { glibc: addon, musl: addon }
      found.set(name, { ...both, [libc]: addon })
    }
  }
})
afterAll(() => place[Symbol.asyncDispose]())

async function classified(libc: 'glibc' | 'musl'): Promise<AddonPackage[]> {
  const { source, records, folder } = place
  const platforms = names.map(
    (platform): TargetPlatform => ({
      platform: parsePlatform(platform),
      libc,
      nodeVersion: '22.23.0',
      ...(libc === 'glibc' ? { glibc: '2.36' } : {}),
    }),
  )
  const lock = parsePackageLock(
    await readFile(join(folder, 'package-lock.json'), 'utf8'),
    'package-lock.json',
  )
  const plan = await planNodeModules(lock, { platforms, source, legacyPeerDeps: true, signal })
  return classifyAddons(plan, { platforms, source, records, everyPackage: true, signal })
}

function letterOf({ status, how }: AddonStatus): string {
  if (status === 'prebuilt') return how === 'bundled' ? 'B' : 'O'
  return { download: 'D', compile: 'C', wasm: 'W', impossible: 'X', 'not-native': '-' }[status]
}

describe('real packages', () => {
  it('are classified right for every platform and C library', () => {
    const told = [...found].map(([name, both]) => {
      const columns = libraries.map((libc) =>
        names.map((platform) => letterOf(both[libc].platforms[platform] as AddonStatus)).join(''),
      )
      const { mechanism, optional } = both.glibc
      return [name, [...columns, mechanism, ...(optional ? ['optional'] : [])].join(' ')]
    })
    expect(Object.fromEntries(told)).toEqual(truth)
    expect(told.length).toBeGreaterThan(60)
  })

  it('are opened all: one that the lock tells nothing of is found, those without native code are not', () => {
    expect([...found.keys()]).toContain('7zip-bin@5.2.0')
    expect([...found.keys()].filter((name) => /^(?:ws|express)@/.test(name))).toEqual([])
  })

  const glibc = (name: string) => found.get(name)?.glibc as AddonPackage
  const status = (name: string, platform: string, libc: (typeof libraries)[number] = 'glibc') =>
    found.get(name)?.[libc].platforms[platform]

  it.each([
    ['better-sqlite3@12.11.1', 20, ''],
    ['re2@1.24.0', 20, ''],
    ['isolated-vm@5.0.4', 17, ''],
    [
      'canvas@3.2.3',
      undefined,
      'libpixman-1-dev libcairo2-dev libpng-dev libpango1.0-dev libfreetype-dev libjpeg-dev libgif-dev librsvg2-dev',
    ],
    ['node-rdkafka@3.6.1', 20, 'libssl-dev zlib1g-dev libsasl2-dev libzstd-dev libcurl4-openssl-dev'],
    ['libpq@1.11.0', undefined, 'libpq-dev'],
    ['keytar@7.9.0', undefined, 'libsecret-1-dev'],
    ['kerberos@7.0.0', undefined, 'libkrb5-dev'],
    ['odbc@2.6.0', undefined, 'unixodbc-dev'],
    ['node-hid@3.4.0', 17, 'libusb-1.0-0-dev libudev-dev'],
    ['sqlite3@6.0.1', undefined, ''],
    ['heapdump@0.3.15', undefined, ''],
  ] as const)('%s: what compiling takes', (name, standard, packages) => {
    const { needs, builder } = glibc(name)
    expect(builder).toBe('node-gyp')
    expect(needs?.python).toBe(true)
    expect(needs?.cxxStandard).toBe(standard)
    expect(needs?.systemLibraries.map(({ debianDev }) => debianDev).join(' ')).toBe(packages)
  })

  it.each([
    [
      'better-sqlite3@12.11.1',
      'linux/arm64',
      'musl',
      'better-sqlite3-v12.11.1-node-v127-linuxmusl-arm64.tar.gz',
    ],
    ['sqlite3@6.0.1', 'linux/amd64', 'glibc', 'sqlite3-v6.0.1-napi-v6-linux-x64.tar.gz'],
    ['kerberos@7.0.0', 'linux/arm64', 'glibc', 'kerberos-v7.0.0-napi-v9-linux-arm64.tar.gz'],
    ['bcrypt@5.1.1', 'linux/arm/v7', 'musl', 'bcrypt_lib-v5.1.1-napi-v3-linux-arm-musl.tar.gz'],
    ['grpc@1.24.11', 'linux/amd64', 'glibc', 'node-v127-linux-x64-glibc.tar.gz'],
    ['odbc@2.6.0', 'linux/arm64', 'glibc', 'odbc-v2.6.0-linux-arm64-napi-v8.tar.gz'],
    ['re2@1.24.0', 'linux/arm64', 'musl', 'linux-musl-arm64-127.br'],
  ] as const)('%s: where it would be fetched from for %s', (name, platform, libc, file) => {
    const url = status(name, platform, libc)?.url
    expect(url).toMatch(/^https:\/\//)
    expect(url?.split('/').at(-1)).toBe(file)
  })

  it.each([
    ['better-sqlite3@13.0.2', 'prebuilds/linux-arm64.node needs glibc 2.38, the base has 2.36'],
    ['bufferutil@4.1.0', 'its binaries are for other processors'],
    ['@node-rs/bcrypt@2.0.0', '@node-rs/bcrypt-linux-arm64-gnu is listed, but not installed'],
    ['ibm_db@4.0.1', 'IBM has no Db2 client (clidriver) for it'],
    ['puppeteer@24.43.1', 'it downloads the x86-64 build of Chrome there'],
  ] as const)('%s: why linux/arm64 has nothing better', (name, reason) => {
    expect(status(name, 'linux/arm64')?.reason).toBe(reason)
  })

  it('are judged by their bytes: what has no C library in its name is for glibc', () => {
    expect(status('sodium-native@5.1.0', 'linux/amd64', 'musl')?.reason).toBe(
      'prebuilds/linux-x64/sodium-native.node is for glibc',
    )
    expect(status('deasync@0.1.32', 'linux/amd64')?.evidence).toBe('bin/linux-x64-node-22/deasync.node')
    expect(status('zeromq@6.8.0', 'linux/arm64', 'musl')?.evidence).toBe(
      'build/linux/arm64/node/musl-127-Release/addon.node',
    )
    expect(status('sodium-native@5.1.0', 'linux/amd64')?.glibc).toBe('2.33')
  })

  it('say what they are made for: Node-API, or one NODE_MODULE_VERSION', () => {
    expect(glibc('bcrypt@6.0.0').binding).toEqual({ api: 'node-api', abis: [] })
    expect(glibc('heapdump@0.3.15').binding).toEqual({ api: 'node', abis: [] })
    expect(glibc('@datadog/pprof@5.20.0').binding).toEqual({
      api: 'node',
      abis: [108, 111, 115, 120, 127, 131, 137, 141, 147],
    })
  })

  it('come with what must be known beside that', () => {
    expect(glibc('node-expat@2.4.1').notes).toEqual([
      'build/Release/node_expat.node is a build that its developer left behind, and loaders look there first',
    ])
    expect(glibc('better-sqlite3@13.0.2').notes.join()).toContain('gypfile: false')
    expect(glibc('ibm_db@4.0.1').notes.join()).toContain('build.zip')
    expect(glibc('puppeteer@24.43.1').notes.join()).toContain('PUPPETEER_SKIP_DOWNLOAD=1')
  })
})
