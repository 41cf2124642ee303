/** doctor and setup on a real machine: engines of both kinds, none at all, a kernel without a handler. */
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'

interface Diagnosis {
  check: string
  verdict: string
  platform?: string
  text: string
  repair?: string
}

const handler = '/proc/sys/fs/binfmt_misc/qemu-ppc64le'

describeWith(['docker', 'qemu', 'registry'], 'doctor and setup', () => {
  let folder: string
  let docker: Docker
  let classic: Docker
  let registry: Registry
  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-doctor-'))
    await writeFile(join(folder, 'Dockerfile'), 'FROM scratch\n')
    docker = await startDocker({ buildx: 'newest' })
    classic = await startDocker({ imageStore: 'classic' })
    registry = await startRegistry({ users: { ann: 'secret' } })
  })
  afterAll(async () => {
    await docker.stop()
    await classic.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const run = (args: string[], env: Record<string, string>) => everyarch(args, { cwd: folder, env })
  const diagnosesOf = async (args: string[], env: Record<string, string>) => {
    const outcome = await run(['doctor', '--json', ...args], env)
    const { diagnoses } = JSON.parse(outcome.stdout) as { diagnoses: Diagnosis[] }
    const of = (check: string, platform?: string) =>
      diagnoses.find((one) => one.check === check && (platform === undefined || one.platform === platform))
    return { exitCode: outcome.exitCode, of }
  }

  it('a machine that can do everything', async () => {
    const { exitCode, of } = await diagnosesOf([], docker.env)
    expect(exitCode).toBe(0)
    expect(of('docker')?.verdict).toBe('ok')
    expect(of('image-store')?.verdict).toBe('ok')
    expect(of('buildx')?.text).toContain('JSON')
    expect(of('builder', 'linux/arm64')?.text).toContain('emulated')
    expect(of('binfmt')?.text).toContain('is registered and enabled')
    expect(of('clock')?.verdict).toBe('ok')
  })

  it('an engine that keeps one platform', async () => {
    const { exitCode, of } = await diagnosesOf([], classic.env)
    expect(exitCode).toBe(1)
    expect(of('image-store')?.verdict).toBe('warning')
    expect(of('builder')).toMatchObject({
      verdict: 'error',
      text: expect.stringContaining('one platform') as string,
    })
  })

  it('no engine, said once and with what to do', async () => {
    const { exitCode, of } = await diagnosesOf([], { ...docker.env, DOCKER_HOST: 'unix:///nowhere.sock' })
    expect(exitCode).toBe(1)
    expect(of('docker')).toMatchObject({
      verdict: 'error',
      repair: expect.stringContaining('start Docker') as string,
    })
    expect(of('builder')).toBeUndefined()
  })

  it('a registry that does not know us, and the command that changes it', async () => {
    const { exitCode, of } = await diagnosesOf(['--tag', `${registry.host}/shop:1`], docker.env)
    expect(exitCode).toBe(1)
    expect(of('registry')).toMatchObject({
      verdict: 'error',
      repair: expect.stringContaining(`docker login ${registry.host}`) as string,
    })
  })

  it('a certificate file that is not there', async () => {
    const { exitCode, of } = await diagnosesOf([], { ...docker.env, NODE_EXTRA_CA_CERTS: '/nowhere.pem' })
    expect(exitCode).toBe(1)
    expect(of('certificates')?.verdict).toBe('error')
  })

  it.skipIf(existsSync(handler))(
    'QEMU for another CPU: shown, refused without a yes, registered with one',
    async () => {
      const wanted = ['--platform', 'linux/ppc64le']
      const shown = await run(['setup', '--dry-run', ...wanted], docker.env)
      expect(shown.exitCode).toBe(0)
      expect(shown.stderr).toContain('qemu-ppc64le')
      const refused = await run(['setup', ...wanted], docker.env)
      expect(refused.exitCode).toBe(2)
      expect(existsSync(handler)).toBe(false)
      try {
        const made = await run(['setup', '--yes', ...wanted], docker.env)
        expect(made.stderr + made.stdout).toContain('linux/ppc64le is emulated')
        expect(made.exitCode).toBe(0)
        expect(existsSync(handler)).toBe(true)
      } finally {
        if (existsSync(handler)) await writeFile(handler, '-1')
      }
    },
  )

  it('a builder is made, or none is left behind where BuildKit cannot be fetched', async () => {
    const made = await run(['setup', '--yes'], classic.env)
    const exists = /^everyarch\b/m.test(await classic.docker(['buildx', 'ls']))
    if (exists) await classic.docker(['buildx', 'rm', '--force', 'everyarch'])
    expect(exists).toBe(made.exitCode === 0)
    if (!exists) expect(made.stderr).toContain('could not make a builder')
  })
})
