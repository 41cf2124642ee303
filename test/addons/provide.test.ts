/** Binaries for other platforms, provided one package at a time: downloaded from a server of our own, compiled, refused. */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, symlink, mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { parseElf } from '../../src/elf/index.ts'
import type { AddonSettings } from '../../src/project/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { run } from '../engines/run.ts'
import { compile } from '../verify/compile.ts'
import { archiveOf, type PrebuildServer, startPrebuildServer } from './prebuild-server.ts'
import { provideFor } from './provide-for.ts'

const addon = 'int napi_register_module_v1(void) { return 42; }'
const flags = ['-shared', '-fPIC', '-nostdlib']
const sqlite = 'node_modules/better-sqlite3'
const version = '12.11.1'

describeWith(['g++', 'aarch64-linux-gnu-g++', 'make', 'python3'], 'providing addons', () => {
  let folder: string
  let server: PrebuildServer

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-provide-'))
    const manifest = {
      name: 'service',
      version: '1.0.0',
      dependencies: {
        '@discordjs/opus': '0.10.0',
        bcrypt: '5.1.1',
        'better-sqlite3': version,
        bufferutil: '4.1.0',
        'cpu-features': '0.0.10',
        odbc: '2.6.0',
        re2: '1.24.0',
        'unix-dgram': '2.0.7',
        steered: 'file:steered-1.0.0.tgz',
        headstrong: 'file:headstrong-1.0.0.tgz',
      },
    }
    for (const [name, arch] of [
      ['steered', 'process.env.npm_config_arch'],
      ['headstrong', 'process.arch'],
    ] as const)
      await packOwnDownloader(folder, name, arch)
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    await run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=true'], {
      cwd: folder,
    })
    server = await startPrebuildServer()
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })

  beforeEach(() => {
    server.files.clear()
    server.asked.length = 0
    delete server.status
  })

  /** Of the packages, those without settings are left alone. */
  const provide = (
    settings: Record<string, AddonSettings>,
    { platforms = ['linux/arm64'], env = {} }: { platforms?: string[]; env?: Record<string, string> } = {},
  ) =>
    provideFor({
      folder,
      cacheFolder: join(folder, 'cache'),
      platforms,
      settings: { '*': { from: ['bundled'] }, ...settings },
      env,
    })

  /** Puts what pretends to be better-sqlite3 for arm64 onto the server. */
  const offer = (bytes: Uint8Array, path = 'build/Release/better_sqlite3.node') => {
    const file = `/v${version}/better-sqlite3-v${version}-node-v127-linux-arm64.tar.gz`
    const archive = archiveOf(path, bytes)
    server.files.set(file, archive)
    return { file, sum: createHash('sha256').update(archive).digest('hex') }
  }
  const fromServer = () => ({ from: ['download' as const], mirror: server.url })

  it('refuses a binary that is not what its name says, by its bytes', async () => {
    offer(compile('amd64', addon, flags))
    await expect(provide({ 'better-sqlite3': fromServer() })).rejects.toMatchObject({
      code: 'ADDON_BINARY_WRONG',
      message: expect.stringContaining('is for x86-64'),
      hint: expect.stringContaining(`${server.url}/v${version}/`),
    })
    offer(Buffer.from('<html>moved</html>'))
    await expect(provide({ 'better-sqlite3': fromServer() })).rejects.toMatchObject({
      code: 'ADDON_BINARY_WRONG',
      message: expect.stringContaining('is no ELF file'),
    })
  })

  it('refuses an archive that does not have its published checksum', async () => {
    const { file } = offer(compile('arm64', addon, flags))
    server.files.set(`${file}.sha256`, Buffer.from('0'.repeat(64)))
    await expect(provide({ 'better-sqlite3': fromServer() })).rejects.toMatchObject({
      code: 'ADDON_DOWNLOAD_FAILED',
      message: expect.stringContaining('does not have the checksum'),
    })
  })

  it('says when there is nothing to download, and when the server is down', async () => {
    const says = (text: string) => ({
      code: 'ADDON_DOWNLOAD_FAILED',
      message: expect.stringContaining(`better-sqlite3@${version}`),
      hint: expect.stringContaining(text),
    })
    await expect(provide({ 'better-sqlite3': fromServer() })).rejects.toMatchObject(
      says('No prebuilt binaries'),
    )
    const gone = { from: ['download' as const], mirror: 'http://127.0.0.1:1' }
    await expect(provide({ 'better-sqlite3': gone })).rejects.toMatchObject(says('ECONNREFUSED'))
  })

  it('downloads the binary of the target, not of this machine, once', async () => {
    const bytes = compile('arm64', addon, flags)
    const { file, sum } = offer(bytes)
    server.files.set(`${file}.sha256`, Buffer.from(`${sum}  ${file.slice(file.lastIndexOf('/') + 1)}\n`))
    const settings = { 'better-sqlite3': fromServer() }
    const first = await provide(settings)
    const added = await first.added('linux/arm64', sqlite)
    expect(Object.keys(added)).toEqual(['build/Release/better_sqlite3.node'])
    expect(added['build/Release/better_sqlite3.node']?.equals(bytes)).toBe(true)
    expect(server.asked).toContain(file)
    server.asked.length = 0
    await provide(settings)
    expect(server.asked).toEqual([])
  })

  it('finds the mirrors that .npmrc names in the words of the downloader', async () => {
    const bytes = compile('arm64', `${addon} int of_npmrc;`, flags)
    const { file } = offer(bytes)
    const npmrc = join(folder, '.npmrc')
    await writeFile(npmrc, `better_sqlite3_binary_host=${server.url}\n`)
    const provided = await provide({ 'better-sqlite3': { from: ['download'], packages: [] } })
    await rm(npmrc)
    const added = await provided.added('linux/arm64', sqlite)
    expect(added['build/Release/better_sqlite3.node']?.equals(bytes)).toBe(true)
    expect(server.asked).toContain(file)
  })

  // node-pre-gyp by its own name and by that of a fork, of two major versions, and what re2 has.
  const others: [string, string, string, (bytes: Uint8Array) => Uint8Array][] = [
    [
      'bcrypt',
      '/kelektiv/node.bcrypt.js/releases/download/v5.1.1/bcrypt_lib-v5.1.1-napi-v3-linux-arm64-glibc.tar.gz',
      'lib/binding/napi-v3/bcrypt_lib.node',
      (bytes) => archiveOf('napi-v3/bcrypt_lib.node', bytes),
    ],
    [
      'odbc',
      '/odbc-v2.6.0-linux-arm64-napi-v8.tar.gz',
      'lib/bindings/napi-v8/odbc.node',
      (bytes) => archiveOf('napi-v8/odbc.node', bytes),
    ],
    [
      're2',
      '/uhop/node-re2/releases/download/1.24.0/linux-arm64-127.br',
      'build/Release/re2.node',
      (bytes) => brotliCompressSync(bytes),
    ],
  ]

  it.each(others)(
    'downloads %s with its own downloader, and refuses what is for this machine',
    async (name, file, path, pack) => {
      const settings = { [name]: fromServer() }
      await expect(provide(settings)).rejects.toMatchObject({ code: 'ADDON_DOWNLOAD_FAILED' })
      expect(server.asked[0]).toBe(file)
      server.files.set(file, pack(compile('amd64', addon, flags)))
      await expect(provide(settings)).rejects.toMatchObject({
        code: 'ADDON_BINARY_WRONG',
        message: expect.stringContaining(`${path} is for x86-64`),
      })
      const bytes = compile('arm64', addon, flags)
      server.files.set(file, pack(bytes))
      const added = await (await provide(settings)).added('linux/arm64', `node_modules/${name}`)
      expect(added[path]?.equals(bytes)).toBe(true)
    },
  )

  it('runs a script that downloads in a way of its own, and refuses what it fetched for this machine', async () => {
    const bytes = compile('arm64', addon, flags)
    server.files.set('/arm64.node', bytes)
    server.files.set('/x64.node', compile('amd64', addon, flags))
    const env = { OWN_SERVER: server.url }
    const steered = await provide({ steered: { from: ['download'] } }, { env })
    const added = await steered.added('linux/arm64', 'node_modules/steered')
    expect(added['build/Release/own.node']?.equals(bytes)).toBe(true)
    await expect(provide({ headstrong: { from: ['download'] } }, { env })).rejects.toMatchObject({
      code: 'ADDON_BINARY_WRONG',
      message: expect.stringContaining('build/Release/own.node is for x86-64'),
    })
  })

  const compiled = {
    bufferutil: { from: ['compile' as const] },
    'cpu-features': { from: ['compile' as const] },
  }
  const both = ['linux/amd64', 'linux/arm64']

  it('compiles for this machine and for another on the same road, and nothing twice', async () => {
    const first = await provide(compiled, { platforms: both })
    for (const [platform, machine] of [
      ['linux/amd64', 'x86-64'],
      ['linux/arm64', 'AArch64'],
    ] as const) {
      const { 'build/Release/bufferutil.node': bytes } = await first.added(
        platform,
        'node_modules/bufferutil',
      )
      const elf = parseElf(bytes as Buffer)
      expect(elf?.machineName).toBe(machine)
      expect(elf?.addon?.api).toBe('node-api')
      // Stripped: no symbols but those that the loader asks for.
      expect(bytes?.includes('.symtab')).toBe(false)
      const { 'build/Release/cpufeatures.node': features } = await first.added(
        platform,
        'node_modules/cpu-features',
      )
      expect(parseElf(features as Buffer)).toMatchObject({
        machineName: machine,
        addon: { api: 'node', abis: [127] },
      })
    }
    const said = (events: typeof first.events) =>
      events.flatMap((event) => (event.type === 'end' ? [event.text] : []))
    expect(said(first.events).filter((text) => text.includes(' compiled for '))).toHaveLength(4)
    const second = await provide(compiled, { platforms: both })
    expect(said(second.events).filter((text) => text.includes('compiled before'))).toHaveLength(4)
    expect([...second.changes]).toEqual(
      [...first.changes].map(([platform, changes]) => [platform, expectKeys(changes)]),
    )
  })

  it('makes the same bytes in another folder, without naming one', async () => {
    const again = (run: string) => ({ 'cpu-features': { from: ['compile' as const], env: { UNREAD: run } } })
    const one = await provide(again('1'))
    const other = await provide(again('2'))
    const bytes = await one.added('linux/arm64', 'node_modules/cpu-features')
    expect(await other.added('linux/arm64', 'node_modules/cpu-features')).toEqual(bytes)
    expect(Object.values(bytes)[0]?.includes(tmpdir())).toBe(false)
  })

  it('leaves out what only a compiler reads, and what only another platform loads', async () => {
    const provided = await provide({ ...compiled, 'better-sqlite3': { from: ['bundled'] } })
    const removed = provided.changes.get('linux/arm64')?.get('node_modules/bufferutil')?.remove
    expect([...(removed ?? [])].sort()).toEqual([
      'binding.gyp',
      'prebuilds/darwin-arm64/bufferutil.node',
      'prebuilds/darwin-x64/bufferutil.node',
      'prebuilds/linux-x64/bufferutil.node',
      'prebuilds/win32-ia32/bufferutil.node',
      'prebuilds/win32-x64/bufferutil.node',
      'src/bufferutil.c',
    ])
    const kept = await provide({ ...compiled, bufferutil: { from: ['compile'], prune: false } })
    expect(kept.changes.get('linux/arm64')?.get('node_modules/bufferutil')?.remove).toEqual(new Set())
  })

  it('says which Debian packages make a compiler where there is none', async () => {
    const bin = join(folder, 'bare')
    await mkdir(bin, { recursive: true })
    for (const name of ['sh', 'env', 'make'])
      await symlink((await run('which', [name])).trim(), join(bin, name)).catch(() => {})
    await expect(
      provide({ 'unix-dgram': { from: ['compile'] } }, { env: { PATH: bin } }),
    ).rejects.toMatchObject({
      code: 'ADDON_NEEDS_COMPILER',
      kind: 'environment',
      message: expect.stringMatching(
        /^unix-dgram@2\.0\.7 must be compiled for linux\/arm64, and this machine has no compiler/,
      ),
      hint: expect.stringMatching(/apt-get install g\+\+-aarch64-linux-gnu make python3\n--engine buildkit/),
    })
  })

  it("repeats the compiler's own last lines", async () => {
    const script = "printf 'int main(void) { return missing; }' > bad.c && $CC -c bad.c"
    await expect(provide({ 'unix-dgram': { from: ['compile'], script } })).rejects.toMatchObject({
      code: 'ADDON_COMPILE_FAILED',
      message: expect.stringContaining(
        'unix-dgram@2.0.7 could not be compiled for linux/arm64 (aarch64-linux-gnu-g++',
      ),
      hint: expect.stringMatching(/\| bad\.c:1:25: error: .missing. undeclared/),
    })
  })

  it('refuses what a build made for this machine', async () => {
    const script =
      'mkdir -p build/Release && /usr/bin/gcc -shared -fPIC -nostdlib -x c -o build/Release/x.node /dev/null'
    await expect(provide({ 'unix-dgram': { from: ['compile'], script } })).rejects.toMatchObject({
      code: 'ADDON_BINARY_WRONG',
      message: expect.stringContaining('unix-dgram@2.0.7: build/Release/x.node is for x86-64'),
    })
  })

  it('refuses headers that cannot be had, and says which', async () => {
    await expect(
      provideFor({
        folder,
        cacheFolder: join(folder, 'cache'),
        platforms: ['linux/arm64'],
        settings: { '*': { from: ['bundled'] }, 'unix-dgram': { from: ['compile'] } },
        nodeVersion: '22.0.99',
        env: { npm_config_disturl: server.url },
      }),
    ).rejects.toMatchObject({ code: 'ADDON_HEADERS_MISSING', message: expect.stringContaining('22.0.99') })
    expect(server.asked).toContain('/v22.0.99/SHASUMS256.txt')
  })
})

function expectKeys(changes: ReadonlyMap<string, { key: string }>) {
  return new Map([...changes].map(([location, { key }]) => [location, expect.objectContaining({ key })]))
}

/** A package whose own script fetches its binary, for the processor that an expression names. */
async function packOwnDownloader(folder: string, name: string, arch: string): Promise<void> {
  const script = `// from https://example.invalid, in life; for process.arch
const http = require('http'), fs = require('fs')
fs.mkdirSync('build/Release', { recursive: true })
http.get(process.env.OWN_SERVER + '/' + ${arch} + '.node', (answer) => answer.pipe(fs.createWriteStream('build/Release/own.node')))
`
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'fetch.js'), script)
  const scripts = { install: 'node fetch.js' }
  await writeFile(join(folder, name, 'package.json'), JSON.stringify({ name, version: '1.0.0', scripts }))
  await run('npm', ['pack', `./${name}`], { cwd: folder })
}
