/** What is pushed was started on every platform; what could not be started is not pushed, or says so. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BuildReport, ImageReport } from '../../src/index.ts'
import { describeWith } from '../engines/describe-with.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { everyarch, reportOf } from './everyarch.ts'
import { plainService, projectFolder } from './project-folder.ts'

const base = ['--base', 'assemble:bookworm']
/** Answers, and ends when it is asked to. */
const soundService = {
  ...plainService,
  'server.js': `const server = require('node:http').createServer((_, answer) => answer.end('ok')).listen(3000)
process.on('SIGTERM', () => server.close(() => process.exit(0)))
`,
}

describeWith(['registry', 'qemu', 'crun', 'skopeo'], 'the gate of a push', () => {
  let folder: string
  let registry: Registry
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-gate-'))
    await ensureQemu(['arm64'])
    registry = await startRegistry()
  })
  afterAll(async () => {
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const tagOf = (name: string) => `${registry.host}/${name}:1`
  const annotationsOf = async (name: string) =>
    (
      JSON.parse(
        await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${tagOf(name)}`]),
      ) as {
        annotations: Record<string, string>
      }
    ).annotations
  const isThere = async (name: string) => {
    const accept = 'application/vnd.oci.image.index.v1+json'
    const answer = await fetch(`http://${registry.host}/v2/${name}/manifests/1`, { headers: { accept } })
    await answer.arrayBuffer()
    return answer.ok
  }
  const push = (path: string, name: string, more: readonly string[], env: Record<string, string> = {}) =>
    everyarch(['build', path, ...base, '--tag', tagOf(name), '--push', '--json', ...more], {
      cwd: folder,
      env: { EVERYARCH_CACHE_DIR: join(folder, 'cache'), ...env },
    })
  const crun = ['--smoke-runner', 'crun']

  it('starts the service on both platforms, pushes it, and does not start the same bytes again', async () => {
    await using project = await projectFolder(soundService)
    const probe = [...crun, '--smoke-http', '3000/']
    const report = reportOf(await push(project.path, 'sound', probe))
    expect(report.tested).toEqual(['linux/amd64', 'linux/arm64'])
    expect(report.smoke?.platforms.map(({ outcome }) => outcome)).toEqual(['passed', 'passed'])
    expect(await annotationsOf('sound')).toMatchObject({ 'dev.everyarch.tested': 'linux/amd64,linux/arm64' })
    const again = reportOf(await push(project.path, 'sound', probe))
    expect(again.digest).toBe(report.digest)
    expect(again.tested).toEqual(report.tested)
    expect(again.smoke).toBeUndefined()
    const anew = reportOf(await push(project.path, 'sound', [...probe, '--no-cache']))
    expect(anew.digest).toBe(report.digest)
    expect(anew.smoke?.passed).toBe(true)
  })

  it('stays shut for a service that does not start, and leaves the registry as it was', async () => {
    await using project = await projectFolder({ ...plainService, 'server.js': 'process.exit(7)' })
    const before = await registry.storedBytes()
    const outcome = await push(project.path, 'broken', [...crun, '--smoke-http', '3000/'])
    expect(outcome.exitCode).toBe(1)
    const report = JSON.parse(outcome.stdout) as BuildReport
    expect(report.findings.map(({ rule, platform }) => [rule, platform])).toEqual([
      ['smoke/failed', 'linux/amd64'],
      ['smoke/failed', 'linux/arm64'],
    ])
    expect(outcome.stderr).toContain('exit code 7')
    expect(outcome.stderr).toContain('nothing was tagged')
    expect(await isThere('broken')).toBe(false)
    expect(await registry.storedBytes()).toBe(before)
  })

  describe('on a machine where nothing runs images', () => {
    const bare = async () => {
      const programs = await mkdtemp(join(folder, 'bin-'))
      await symlink(process.execPath, join(programs, 'node'))
      return { PATH: programs, DOCKER_HOST: 'unix:///nowhere/docker.sock' }
    }

    it('stays shut, with the way out', async () => {
      await using project = await projectFolder(soundService)
      const outcome = await push(project.path, 'untested', [], await bare())
      expect(outcome.exitCode).toBe(1)
      expect(outcome.stderr).toContain('smoke/untested')
      expect(outcome.stderr).toContain('--allow-untested linux/arm64')
      expect(await isThere('untested')).toBe(false)
    })

    it('opens for platforms that the user lets through, and records it', async () => {
      await using project = await projectFolder(soundService)
      const report = reportOf(
        await push(project.path, 'allowed', ['--allow-untested', 'linux/amd64,linux/arm64'], await bare()),
      )
      expect(report.untested).toEqual(['linux/amd64', 'linux/arm64'])
      expect(await annotationsOf('allowed')).toMatchObject({
        'dev.everyarch.untested': 'linux/amd64,linux/arm64',
      })
    })

    it('is still shut when only one of them is let through', async () => {
      await using project = await projectFolder(soundService)
      const outcome = await push(project.path, 'half', ['--allow-untested', 'linux/amd64'], await bare())
      expect(outcome.exitCode).toBe(1)
      expect(await isThere('half')).toBe(false)
    })
  })

  describe('of images that were built apart', () => {
    let digestFiles: string[]
    const parts: BuildReport[] = []
    beforeAll(async () => {
      await using project = await projectFolder(soundService)
      digestFiles = []
      for (const architecture of ['amd64', 'arm64']) {
        const file = `${architecture}.json`
        const args = ['--platform', `linux/${architecture}`, '--push-by-digest', '--digest-file', file]
        const outcome = await everyarch(
          ['build', project.path, ...base, '--tag', tagOf('split'), ...args, ...crun, '--json'],
          { cwd: folder, env: { EVERYARCH_CACHE_DIR: join(folder, 'cache') } },
        )
        parts.push(reportOf(outcome))
        digestFiles.push(file)
      }
    })
    const publish = async (sources: readonly string[], more: readonly string[] = []) =>
      everyarch(['publish', '--tag', tagOf('split'), ...sources, ...more, '--json'], {
        cwd: folder,
        env: { EVERYARCH_CACHE_DIR: await mkdtemp(join(folder, 'another-machine-')) },
      })
    const referencesOf = () =>
      Promise.all(
        digestFiles.map(async (file) => {
          const { digest } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { digest: string }
          return `${registry.host}/split@${digest}`
        }),
      )

    it('moved no tag', async () => {
      const repository = `${registry.host}/split`
      expect(parts.map(({ published }) => published)).toEqual([[], []])
      expect(parts.map(({ stored }) => stored)).toEqual([[repository], [repository]])
      expect(await isThere('split')).toBe(false)
    })

    it('refuses a part that is missing, twice there in two versions, or no digest file', async () => {
      const [amd64 = '', arm64 = ''] = digestFiles
      const one = await publish([amd64], ['--platform', 'linux/amd64,linux/arm64'])
      expect(one).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('lacks linux/arm64') })
      const nobody = `${registry.host}/split@sha256:${'0'.repeat(64)}`
      expect(await publish([amd64, nobody])).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining(nobody),
      })
      await writeFile(join(folder, 'wrong.json'), '{"version":1,"repositories":[],"platforms":[]}')
      expect(await publish([arm64, 'wrong.json'])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('names no repository'),
      })
      expect(await isThere('split')).toBe(false)
    })

    it('takes the proof from the digest files', async () => {
      const report = reportOf<ImageReport>(await publish([...digestFiles].reverse()))
      expect(report.tested).toEqual(['linux/amd64', 'linux/arm64'])
      expect(report.smoke).toBeUndefined()
      expect(await annotationsOf('split')).toMatchObject({
        'dev.everyarch.tested': 'linux/amd64,linux/arm64',
      })
    })

    it('proves references itself, and comes to the same index', async () => {
      const before = reportOf<ImageReport>(await publish(digestFiles))
      const report = reportOf<ImageReport>(await publish(await referencesOf(), crun))
      expect(report.smoke?.passed).toBe(true)
      expect(report.digest).toBe(before.digest)
    })

    it('trusts no digest file about other bytes than it names', async () => {
      const [amd64 = '', arm64 = ''] = digestFiles
      const claims = JSON.parse(await readFile(join(folder, amd64), 'utf8')) as {
        platforms: { digest: string }[]
      }
      for (const platform of claims.platforms) platform.digest = `sha256:${'1'.repeat(64)}`
      await writeFile(join(folder, 'lying.json'), JSON.stringify(claims))
      const report = reportOf<ImageReport>(await publish(['lying.json', arm64], crun))
      expect(report.smoke?.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64'])
    })
  })
})
