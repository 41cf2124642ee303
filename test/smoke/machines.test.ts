/** The gate on machines that have more or less of what runs images: the example is tested on both platforms, or not tagged. */
import { readdirSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BuildReport } from '../../src/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { type MachineParts, machineIn } from './machine.ts'

const example = join(import.meta.dirname, '../../examples/thumbnailer')
const both = ['linux/amd64', 'linux/arm64']

describeWith(['docker', 'qemu', 'crun', 'unshare', 'registry'], 'the gate', () => {
  let folder: string
  let docker: Docker
  let registry: Registry

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-machines-'))
    await ensureQemu(['arm64'])
    docker = await startDocker()
    registry = await startRegistry()
    // Every machine finds what a build before has left, so that only the gate is at work.
    const built = ['build', example, '--output', 'oci:layout', '--cache-dir', 'cache', '--json']
    reportOf(await everyarch(built, { cwd: folder }))
  })

  afterAll(async () => {
    await registry.stop()
    await docker.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const on = async (name: string, parts: MachineParts) => {
    const machine = await machineIn(folder, parts)
    const cache = join(folder, `cache-${name}`)
    await cp(join(folder, 'cache'), cache, { recursive: true, verbatimSymlinks: true })
    const tag = `${registry.host}/${name}:1`
    const probe = ['--smoke-http', '3000/healthz', '--cache-dir', cache, '--json']
    const accept = 'application/vnd.oci.image.index.v1+json'
    return {
      push: (...more: string[]) =>
        machine.everyarch(['build', example, '--tag', tag, '--push', ...probe, ...more], folder),
      doctor: () => machine.everyarch(['doctor', '--platform', both.join(',')], folder),
      annotations: async (): Promise<Record<string, string> | undefined> => {
        const answer = await fetch(`http://${registry.host}/v2/${name}/manifests/1`, { headers: { accept } })
        const body = (await answer.json()) as { annotations?: Record<string, string> }
        return answer.ok ? body.annotations : undefined
      },
      leftBehind: () => readdirSync(join(cache, 'tmp')),
    }
  }

  it.each<[string, MachineParts['has'], RegExp]>([
    ['docker', ['docker', 'crun', 'unshare'], /^docker /],
    ['crun', ['crun', 'unshare'], /^crun /],
    ['unshare', ['unshare'], /^unshare /],
  ])('opens on a machine with %s and QEMU', async (name, has, runner) => {
    const machine = await on(name, { has, emulates: true, ...(name === 'docker' ? { docker } : {}) })
    const { tested, smoke } = reportOf(await machine.push())
    expect(tested).toEqual(both)
    expect(smoke?.platforms.map(({ platform, outcome, emulated }) => [platform, outcome, emulated])).toEqual([
      ['linux/amd64', 'passed', false],
      ['linux/arm64', 'passed', true],
    ])
    for (const platform of smoke?.platforms ?? []) expect(platform.runner).toMatch(runner)
    expect(await machine.annotations()).toMatchObject({ 'dev.everyarch.tested': both.join(',') })
    expect(machine.leftBehind()).toEqual([])
    expect(await docker.docker(['ps', '--all', '--quiet'])).toBe('')
    expect(await docker.docker(['image', 'ls', '--all', '--quiet'])).toBe('')
  })

  it('stays shut for what a machine without QEMU cannot run, with what the doctor advises', async () => {
    const machine = await on('no-emulator', { has: ['unshare'], emulates: false })
    const before = await registry.storedBytes()
    const shut = await machine.push()
    expect(shut.exitCode).toBe(1)
    const { findings, tested } = JSON.parse(shut.stdout) as BuildReport
    expect(tested).toEqual(['linux/amd64'])
    expect(findings.map(({ rule, platform, details }) => [rule, platform, details?.reason])).toEqual([
      ['smoke/untested', 'linux/arm64', 'no-emulator'],
    ])
    expect(shut.stderr).toContain('cannot execute linux/arm64: no QEMU handler is registered')
    expect(shut.stderr).toContain('--allow-untested linux/arm64')
    const advice = /docker run .* or everyarch setup/.exec((await machine.doctor()).stdout)?.[0]
    expect(advice).toContain('qemu-user-static')
    expect(shut.stderr).toContain(advice)
    expect(await machine.annotations()).toBeUndefined()
    expect(await registry.storedBytes()).toBe(before)
    expect(reportOf(await machine.push('--allow-untested', 'linux/arm64')).untested).toEqual(['linux/arm64'])
    expect(await machine.annotations()).toMatchObject({
      'dev.everyarch.tested': 'linux/amd64',
      'dev.everyarch.untested': 'linux/arm64',
    })
    expect(machine.leftBehind()).toEqual([])
  })

  it('stays shut on a machine with neither', async () => {
    const machine = await on('bare', { has: [], emulates: false })
    const before = await registry.storedBytes()
    const shut = await machine.push()
    expect(shut.exitCode).toBe(1)
    const { findings } = JSON.parse(shut.stdout) as BuildReport
    expect(findings.map(({ rule, platform, details }) => [rule, platform, details?.reason])).toEqual(
      both.map((platform) => ['smoke/untested', platform, 'no-runner']),
    )
    expect(shut.stderr).toContain('install Docker, podman, crun or runc')
    expect(await registry.storedBytes()).toBe(before)
    expect(machine.leftBehind()).toEqual([])
  })
})
