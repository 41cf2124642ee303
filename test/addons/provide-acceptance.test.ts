/**
 * The example with addons of every kind, built for two platforms on this machine: better-sqlite3 and node-rdkafka compiled from
 * source, with the system libraries that node-rdkafka asks for; started on a real Docker engine, where it uses every addon.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { BuildReport } from '../../src/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'

const example = join(import.meta.dirname, '../../examples/addons')
const engines = ['docker', 'qemu', 'g++', 'aarch64-linux-gnu-g++', 'make', 'python3']

describeWith(engines, 'a service with addons of every kind', () => {
  let folder: string
  let docker: Docker | undefined
  let first: { report: BuildReport; stderr: string }

  const build = async () => {
    const args = [
      'build',
      example,
      '--output',
      'oci:layout:1.0',
      '--cache-dir',
      'cache',
      '--progress',
      'plain',
      '--json',
    ]
    const outcome = await everyarch(args, { cwd: folder })
    return { report: reportOf(outcome), stderr: outcome.stderr }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-addons-'))
    first = await build()
    await ensureQemu(['arm64'])
    docker = await startDocker()
    // Four large compiles: minutes on an idle machine, more on a busy one.
  }, 3_600_000)

  afterAll(async () => {
    await docker?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('compiles for both platforms on this machine', () => {
    for (const name of ['better-sqlite3', 'node-rdkafka']) {
      expect(first.stderr).toMatch(
        new RegExp(`${name}@\\S+ compiled for linux/amd64 with x86_64-linux-gnu-g\\+\\+`),
      )
      expect(first.stderr).toMatch(
        new RegExp(`${name}@\\S+ compiled for linux/arm64 with aarch64-linux-gnu-g\\+\\+`),
      )
    }
    expect(first.stderr).toMatch(/bufferutil@\S+ compiled for linux\/arm64/)
    expect(first.stderr).not.toMatch(/bufferutil@\S+ compiled for linux\/amd64/)
  })

  it('compiles nothing a second time, and makes the same image', async () => {
    const second = await build()
    expect(second.stderr).not.toMatch(/compiled for/)
    expect(second.stderr.match(/compiled before/g)).toHaveLength(5)
    expect(second.report.digest).toBe(first.report.digest)
  })

  it('shares the packages that no platform has changed', () => {
    const layers = first.report.platforms.map(({ layers: own }) => own.map(({ digest }) => digest))
    const [amd64 = [], arm64 = []] = layers
    expect(amd64.filter((digest) => arm64.includes(digest))).toHaveLength(2)
  })

  it('uses every addon in a container of each platform', async () => {
    const args = [
      'smoke',
      'oci:layout:1.0',
      '--runner',
      'docker',
      '--http',
      '3000/healthz',
      '--cache-dir',
      'cache',
    ]
    const env = {
      DOCKER_HOST: docker?.host ?? '',
      DOCKER_CONFIG: docker?.env.DOCKER_CONFIG ?? '',
      PATH: docker?.env.PATH ?? '',
    }
    const { exitCode, stdout } = await everyarch(args, { cwd: folder, env })
    expect(stdout).toMatch(/^linux\/amd64 ✓ GET :3000\/healthz 200 {2}\(\d/m)
    expect(stdout).toMatch(/^linux\/arm64 ✓ GET :3000\/healthz 200 .*emulated\)$/m)
    expect(exitCode).toBe(0)
  })
})
