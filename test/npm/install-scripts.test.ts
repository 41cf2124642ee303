/** Install scripts of dependencies, run by the real npm in a tree that we wrote. */
import { execFileSync } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fromText } from '../../src/base/index.ts'
import {
  installNeeds,
  installTree,
  type NpmConfig,
  planNodeModules,
  runInstallScripts,
  type TargetPlatform,
} from '../../src/npm/index.ts'
import { writeTar } from '../../src/tar/index.ts'
import {
  npmEnvironment,
  openWorkplace,
  readLock,
  signal,
  target,
  type Workplace,
  workplace,
} from './workplace.ts'

let place: Workplace
let output: string[]

beforeEach(async () => {
  place = await workplace('written-by-npm-10')
  output = []
})
afterEach(() => place[Symbol.asyncDispose]())

/** A project whose dependencies are these packages: folder → files. Its lock is written by npm. */
async function project(
  packages: Record<string, Record<string, string>>,
  more: Record<string, unknown> = {},
): Promise<void> {
  const dependencies: Record<string, string> = {}
  for (const [name, files] of Object.entries(packages)) {
    const chunks: Uint8Array[] = []
    const entries = Object.entries(files).map(([path, text]) => ({
      path: `package/${path}`,
      type: 'file' as const,
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtime: 0,
      size: Buffer.byteLength(text),
      content: fromText(text),
    }))
    for await (const chunk of writeTar(entries, { signal })) chunks.push(chunk)
    await writeFile(join(place.folder, `${name}.tgz`), gzipSync(Buffer.concat(chunks)))
    dependencies[name] = `file:${name}.tgz`
  }
  await writeFile(
    join(place.folder, 'package.json'),
    JSON.stringify({ name: 'project', dependencies, ...more }),
  )
  await writeFile(join(place.folder, 'package-lock.json'), '')
  execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: place.folder,
    env: npmEnvironment(place.folder),
    stdio: 'pipe',
  })
}

function manifest(name: string, more: Record<string, unknown>): string {
  return JSON.stringify({ name, version: '1.0.0', ...more })
}

async function build(config: NpmConfig = place.config): Promise<readonly string[]> {
  const { folder, source } = place
  const tree = await installTree(await readLock(folder), { folder, source, signal })
  return runInstallScripts(tree, { folder, config, signal, onOutput: (_, line) => output.push(line) })
}

async function written(path: string): Promise<string> {
  return readFile(join(place.folder, path), 'utf8').catch(() => 'nothing')
}

describe('runInstallScripts', () => {
  const writes = { install: 'node write.js' }
  const scripted = {
    'package.json': manifest('scripted', { scripts: writes }),
    'write.js': "console.log('it runs'); require('fs').writeFileSync('made', 'by its script')",
  }

  it('runs the scripts of those that have some, and shows what they say', async () => {
    await project({ scripted, plain: { 'package.json': manifest('plain', { scripts: { test: 'false' } }) } })
    expect(await build()).toEqual(['node_modules/scripted'])
    expect(await written('node_modules/scripted/made')).toBe('by its script')
    expect(output.join('\n')).toContain('it runs')
  })

  it('starts nothing when nothing has a script, or when npm is told to ignore them', async () => {
    await project({ plain: { 'package.json': manifest('plain', {}) } })
    expect(await build({ ...place.config, env: { PATH: '' } })).toEqual([])
    await project({ scripted })
    await writeFile(join(place.folder, '.npmrc'), 'ignore-scripts=true\n')
    const config = (await openWorkplace(place.folder)).config
    expect(await build(config)).toEqual([])
    expect(await written('node_modules/scripted/made')).toBe('nothing')
  })

  it('finds the packages that npm would compile without being told so', async () => {
    const gyp = "{ 'targets': [] }"
    await project({
      compiled: { 'package.json': manifest('compiled', {}), 'binding.gyp': gyp },
      declined: { 'package.json': manifest('declined', { gypfile: false }), 'binding.gyp': gyp },
      elsewhere: { 'package.json': manifest('elsewhere', {}), 'src/binding.gyp': gyp },
    })
    const { folder, source } = place
    const tree = await installTree(await readLock(folder), { folder, source, signal })
    expect(tree).toMatchObject({ packages: 3, scripted: [{ location: 'node_modules/compiled' }] })
  })

  it('runs those of workspaces, prepare included', async () => {
    await mkdir(join(place.folder, 'packages/api'), { recursive: true })
    const scripts = { prepare: "node -e \"fs.writeFileSync('made', 'by prepare')\"" }
    await writeFile(join(place.folder, 'packages/api/package.json'), manifest('api', { scripts }))
    await project({}, { workspaces: ['packages/*'] })
    expect(await build()).toEqual(['node_modules/api'])
    expect(await written('packages/api/made')).toBe('by prepare')
  })

  it('fails with the last lines of the script', async () => {
    await project({
      broken: {
        'package.json': manifest('broken', { scripts: { install: 'echo no compiler here; exit 3' } }),
      },
    })
    await expect(build()).rejects.toMatchObject({
      code: 'NPM_INSTALL_SCRIPTS_FAILED',
      hint: expect.stringContaining('no compiler here'),
    })
  })

  it('goes on without an optional package whose script fails', async () => {
    const broken = { 'package.json': manifest('broken', { scripts: { install: 'exit 3' } }) }
    await project(
      { scripted, broken },
      {
        dependencies: { scripted: 'file:scripted.tgz' },
        optionalDependencies: { broken: 'file:broken.tgz' },
      },
    )
    expect(await build()).toEqual(['node_modules/scripted'])
    expect(output.join('\n')).toContain('node_modules/broken is optional')
  })

  it('says so when there is no npm', async () => {
    await project({ scripted })
    const env = { PATH: dirname(place.folder) }
    await expect(build({ ...place.config, env })).rejects.toMatchObject({ code: 'NPM_MISSING' })
  })
})

describe('installNeeds', () => {
  const platforms: TargetPlatform[] = [target('linux/amd64', 'glibc'), target('linux/arm64', 'glibc')]

  it('tells what scripts would do from their text', async () => {
    const downloading = "fetch('https://example.com/' + process.arch + '/x.node')"
    await project({
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
    const lock = await readLock(place.folder)
    const plan = await planNodeModules(lock, { platforms, source: place.source, signal })
    const needs = await installNeeds(plan, { platforms, source: place.source, signal })
    const told = needs.filter(({ platform }) => platform === 'linux/arm64')
    expect(told.map((need) => [need.package, need.status, need.optional])).toEqual([
      ['compiles@1.0.0', 'compile', false],
      ['downloads@1.0.0', 'download', false],
      ['fetches@1.0.0', 'download', false],
      ['harmless@1.0.0', 'not-native', false],
      ['indirect@1.0.0', 'compile', false],
      ['tolerant@1.0.0', 'compile', true],
    ])
    expect(needs).toHaveLength(12)
  })

  it('knows packages that leave their binary to optional packages, and the platform that has none', async () => {
    const all = [...platforms, target('linux/riscv64', 'glibc')]
    const lock = await readLock(place.folder)
    const plan = await planNodeModules(lock, { platforms: all, source: place.source, signal })
    const needs = await installNeeds(plan, { platforms: all, source: place.source, signal })
    const of = (name: string) => needs.filter((need) => need.package.startsWith(name))
    expect(of('esbuild').map(({ status, evidence }) => [status, evidence])).toEqual([
      ['prebuilt', '@esbuild/linux-x64@0.25.0'],
      ['prebuilt', '@esbuild/linux-arm64@0.25.0'],
      ['prebuilt', '@esbuild/linux-riscv64@0.25.0'],
    ])
    expect(of('@node-rs/argon2').map(({ platform, status }) => [platform, status])).toEqual([
      ['linux/riscv64', 'compile'],
    ])
  })
})
