/** `everyarch addons` on projects of packages made up for it, with locks that the real npm wrote. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AddonsReport } from '../../src/addons/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { manifest, packedProject } from '../npm/packed-project.ts'
import { loopbackRegistry, status } from '../npm/registry.ts'
import { type Workplace, workplace } from '../npm/workplace.ts'

let place: Workplace

beforeEach(async () => {
  place = await workplace('written-by-npm-10')
  await rm(join(place.folder, '.npmrc'), { force: true })
})
afterEach(() => place[Symbol.asyncDispose]())

function addons(args: readonly string[], env: Record<string, string> = {}) {
  const cache = { EVERYARCH_CACHE_DIR: join(place.folder, '.everyarch-cache') }
  return everyarch(['addons', ...args], { cwd: place.folder, env: { ...cache, ...env } })
}

const compiled = {
  'package.json': manifest('compiled', { scripts: { install: 'node-gyp rebuild' } }),
  'binding.gyp': "{ 'targets': [{ 'cflags_cc': ['-std=c++20'], 'libraries': ['-lssl'] }] }",
}
const plain = { 'package.json': manifest('plain', {}), 'index.js': '' }
const thanks = {
  'package.json': manifest('thanks', { scripts: { postinstall: 'node thanks.js' } }),
  'thanks.js': "console.log('thanks')",
}
/** Binaries for another processor only (an ELF header of s390x), no sources. */
const foreign = {
  'package.json': manifest('foreign', {}),
  'prebuilds/linux-s390x/foreign.node': elfHeader(22),
}

function elfHeader(machine: number): string {
  const bytes = Buffer.alloc(64)
  bytes.write('\u007fELF', 0, 'latin1')
  bytes.set([2, 2, 1], 4)
  bytes.writeUInt16BE(3, 16)
  bytes.writeUInt16BE(machine, 18)
  bytes.writeUInt32BE(1, 20)
  bytes.writeUInt16BE(64, 52)
  return bytes.toString('latin1')
}

describe('everyarch addons', () => {
  it('shows what every platform has, and what compiling takes on Debian and on Alpine', async () => {
    await packedProject(place.folder, { compiled, plain, thanks })
    const outcome = await addons(['--node', '22'])
    expect(outcome).toMatchObject({ exitCode: 0 })
    expect(outcome.stdout).toMatch(/compiled 1\.0\.0 +compiles +compiles +node-gyp; needs g\+\+ \(C\+\+20\)/)
    expect(outcome.stdout).toContain('libssl-dev')
    expect(outcome.stdout).toContain('install scripts, nothing native: thanks 1.0.0')
    expect(outcome.stdout).not.toContain('plain')
    const alpine = await addons(['--base', 'node:22-alpine', '--why'])
    expect(alpine.stdout).toContain('musl (base node:22-alpine)')
    expect(alpine.stdout).toContain('openssl-dev')
    expect(alpine.stdout).toContain('why: project → compiled@1.0.0')
  })

  it('fails when a platform can have a package in no way; what only development needs does not count', async () => {
    await packedProject(place.folder, { foreign })
    const outcome = await addons(['--platform', 'linux/arm64', '--json'])
    expect(outcome.exitCode).toBe(1)
    const report = JSON.parse(outcome.stdout) as AddonsReport
    expect(report.packages[0]).toMatchObject({
      name: 'foreign',
      mechanism: 'bundled',
      path: ['project', 'foreign@1.0.0'],
      platforms: { 'linux/arm64': { status: 'impossible', reason: 'its binaries are for other processors' } },
    })
    expect((await addons(['--platform', 'linux/s390x'])).exitCode).toBe(0)
    expect((await addons(['--platform', 'linux/arm64', '--quick'])).exitCode).toBe(0)
    await packedProject(
      place.folder,
      { foreign },
      { dependencies: {}, devDependencies: { foreign: 'file:foreign.tgz' } },
    )
    const development = await addons(['--json'])
    expect(development.exitCode).toBe(0)
    expect(reportOf<AddonsReport>(development)).toMatchObject({
      packages: [],
      development: [{ name: 'foreign', dev: true }],
    })
    expect(reportOf<AddonsReport>(await addons(['--json', '--omit', 'dev'])).development).toEqual([])
  })

  it('looks at each tarball once: a second run needs neither registry nor cache', async () => {
    await packedProject(place.folder, { compiled, foreign, plain })
    const first = await addons(['--json'])
    for (const name of ['compiled', 'foreign', 'plain']) await rm(join(place.folder, `${name}.tgz`))
    const emptyCache = { npm_config_cache: join(place.folder, '.empty'), npm_config_offline: 'true' }
    const second = await addons(['--json'], emptyCache)
    expect(JSON.parse(second.stdout)).toEqual(JSON.parse(first.stdout))
  })

  it('says which packages could not be opened, and does not call that fine', async () => {
    await packedProject(place.folder, { compiled, plain })
    for (const name of ['compiled', 'plain']) await rm(join(place.folder, `${name}.tgz`))
    const offline = { npm_config_cache: join(place.folder, '.empty'), npm_config_offline: 'true' }
    const outcome = await addons([], offline)
    expect(outcome.exitCode).toBe(3)
    expect(outcome.stdout).toContain('compiled@1.0.0 was not looked at')
    expect(outcome.stdout).toContain('1 package could not be opened')
    expect(outcome.stderr).not.toMatch(/\n\s+at /)
  })

  it('asks servers when it is told to: what is not published has to be compiled', async () => {
    await using server = await loopbackRegistry()
    const fetched = (name: string) => ({
      'package.json': manifest(name, {
        scripts: { install: 'prebuild-install || node-gyp rebuild' },
        binary: { host: `${server.url}/${name}` },
      }),
      'binding.gyp': "{ 'targets': [{ 'target_name': 'x' }] }",
    })
    await packedProject(place.folder, { fetched: fetched('fetched'), broken: fetched('broken') })
    const asset = (name: string, arch: string) => `/${name}/${name}-v1.0.0-node-v127-linux-${arch}.tar.gz`
    server.answers.set(
      asset('fetched', 'x64'),
      (_, response) => void response.writeHead(302, { location: `${server.url}/store` }).end(),
    )
    server.answers.set('/store', status(200))
    server.answers.set(asset('broken', 'x64'), status(500))
    server.answers.set(asset('broken', 'arm64'), status(500))
    const offline = reportOf<AddonsReport>(await addons(['--node', '22', '--json']))
    expect(server.requests).toEqual([])
    expect(offline.packages.map(({ platforms }) => platforms['linux/arm64']?.status)).toEqual([
      'download',
      'download',
    ])
    const outcome = await addons(['--node', '22', '--online'])
    expect(outcome.exitCode).toBe(0)
    expect(outcome.stdout).toMatch(/fetched 1\.0\.0 +✓ download +compiles +prebuild-install/)
    expect(outcome.stdout).toContain(
      `linux/arm64: nothing is published at ${server.url}${asset('fetched', 'arm64')}`,
    )
    expect(outcome.stdout).toMatch(/broken 1\.0\.0 +download +download/)
    expect(outcome.stderr).toContain('its server answers 500')
  })

  it('refuses what it cannot look at, in one sentence', async () => {
    await packedProject(place.folder, { plain })
    const refusals: [string[], RegExp][] = [
      [['--platform', 'linux/x86'], /linux\/x86 is not a platform/],
      [['--platform', 'windows/amd64'], /only images for Linux/],
      [['--libc', 'uclibc'], /Allowed choices are glibc, musl/],
      [['--node', 'lts'], /give a version/],
      [['nowhere'], /package\.json/],
    ]
    for (const [args, message] of refusals) {
      const { exitCode, stderr } = await addons(args)
      expect(stderr).toMatch(message)
      expect(exitCode).toBe(2)
    }
    await rm(join(place.folder, 'package-lock.json'))
    await writeFile(join(place.folder, 'yarn.lock'), '')
    const { exitCode, stderr } = await addons([])
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('yarn.lock')])
  })
})
