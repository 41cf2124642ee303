/** The example, tested on two platforms by every kind of runner that a machine may have. */
import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SmokeReport } from '../../src/smoke/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'

const example = join(import.meta.dirname, '../../examples/thumbnailer')
const platforms = ['linux/amd64', 'linux/arm64']

describeWith(['docker', 'qemu', 'crun', 'unshare'], 'the example, smoke-tested', () => {
  let folder: string
  let docker: Docker

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-smoke-'))
    await ensureQemu(['arm64'])
    docker = await startDocker()
    reportOf(await everyarch(['build', example, '--output', 'oci:layout:1.0', '--json'], { cwd: folder }))
  })

  afterAll(async () => {
    await docker.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const smoke = (...args: string[]) =>
    everyarch(['smoke', 'oci:layout:1.0', '--cache-dir', join(folder, 'cache'), ...args], {
      cwd: folder,
      env: { DOCKER_HOST: docker.host, DOCKER_CONFIG: docker.env.DOCKER_CONFIG, PATH: docker.env.PATH },
    })
  const leftBehind = async () =>
    [
      ...(await docker.docker(['ps', '--all', '--quiet'])).split('\n'),
      ...(await docker.docker(['image', 'ls', '--all', '--quiet'])).split('\n'),
      ...readdirSync(join(folder, 'cache/tmp')),
    ].filter((line) => line !== '')

  it.each(['docker', 'crun', 'unshare'])('loads its addons on both platforms with %s', async (runner) => {
    const report = JSON.parse((await smoke('--runner', runner, '--json')).stdout) as SmokeReport
    expect(report.platforms.map(({ platform }) => platform)).toEqual(platforms)
    for (const { outcome, probes, runner: name, emulated, platform } of report.platforms) {
      expect({ outcome, emulated }).toEqual({ outcome: 'passed', emulated: platform === 'linux/arm64' })
      expect(name).toContain(runner)
      const loaded = probes[0]?.addons?.filter((addon) => addon.outcome === 'loaded') ?? []
      expect(loaded.map(({ path }) => path)).toEqual([expect.stringContaining('sharp-linux')])
    }
    expect(await leftBehind()).toEqual([])
  })
})
