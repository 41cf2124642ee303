/** Ports that are taken, and a crash that both platforms have: what shows only beside something else. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SmokeReport } from '../../src/smoke/index.ts'
import { everyarch } from '../build/everyarch.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { type Podman, podmanIn } from '../engines/podman.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { writeSmallService } from './small-service.ts'

const platforms = ['linux/amd64', 'linux/arm64']
const needs = ['docker', 'podman', 'crun', 'runc', 'unshare', 'qemu', 'gcc', 'aarch64-linux-gnu-gcc']

describeWith(needs, 'two platforms at once', () => {
  let folder: string
  let docker: Docker
  let podman: Podman
  let taken: Server
  let port: number

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-same-port-'))
    await ensureQemu(['arm64'])
    docker = await startDocker()
    podman = await podmanIn(join(folder, 'podman'))
    taken = createServer((socket) => socket.end('not the container')).listen(0, '127.0.0.1')
    await once(taken, 'listening')
    port = (taken.address() as { port: number }).port
    await writeSmallService({ path: join(folder, 'taken'), port, platforms })
    await writeSmallService({ path: join(folder, 'free'), port: 18_439, platforms })
    const source = 'int main(void) { *(volatile int *)0 = 1; }'
    await writeSmallService({ path: join(folder, 'crashing'), port, platforms, source })
  })

  afterAll(async () => {
    taken.close()
    await docker.stop()
    await podman.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const smoke = async (image: string, runner: string, asked: number) => {
    const probe = ['--http', `${asked}/`, '--http-body', 'ok', '--stable-for', '0']
    const args = ['smoke', `oci:${image}`, '--runner', runner, ...probe, '--parallel', '2']
    const env = { ...podman.env, ...docker.env }
    const { stdout } = await everyarch([...args, '--cache-dir', 'cache', '--json'], { cwd: folder, env })
    return (JSON.parse(stdout) as SmokeReport).platforms.map(({ outcome, probes: [result] }) => ({
      outcome,
      code: result?.cause?.code,
      text: result?.cause?.text,
      log: result?.log.join('\n') ?? '',
    }))
  }

  describe.each(['docker', 'podman', 'crun', 'runc', 'unshare'])('%s', (runner) => {
    const sharesNetwork = !['docker', 'podman'].includes(runner)

    it('lets both have the port that they listen to', async () => {
      expect(await smoke('free', runner, 18_439)).toMatchObject([
        { outcome: 'passed' },
        { outcome: 'passed' },
      ])
    })

    it('lets them have one that is taken on this machine, and says so where that changes anything', async () => {
      for (const { outcome, text, log } of await smoke('taken', runner, port)) {
        expect([outcome, text]).toEqual(['passed', undefined])
        expect(log.includes('started in a network of its own')).toBe(sharesNetwork)
      }
    })

    it('calls a crash that both have the program’s, not QEMU’s', async () => {
      const [native, emulated] = await smoke('crashing', runner, port)
      expect(native).toMatchObject({ code: 'crashed', text: 'it crashed: Segmentation fault (SIGSEGV)' })
      expect(emulated).toMatchObject({
        code: 'crashed',
        text: 'it crashed: Segmentation fault, as it does on linux/amd64 without QEMU',
      })
    })
  })
})
