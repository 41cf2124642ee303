/** A smoke test that is killed or interrupted at any moment leaves no container, image, mount, process or file behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { type Podman, podmanIn } from '../engines/podman.ts'
import { run } from '../engines/run.ts'
import { writeSmallService } from './small-service.ts'

const cli = join(import.meta.dirname, '../../dist/cli.js')
const runs = 50
const atOnce = 5
const needs = ['docker', 'podman', 'gcc', 'crun', 'runc', 'unshare', 'find']
const runners = ['docker', 'podman', 'crun', 'runc', 'unshare'] as const

describeWith(needs, 'a smoke test that is cut off', () => {
  let folder: string
  let docker: Docker
  let podman: Podman

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-cut-off-'))
    docker = await startDocker()
    podman = await podmanIn(await mkdtemp(join(tmpdir(), 'everyarch-podman-')))
    for (let index = 0; index < runs; index++) await writeImage(index)
  })

  afterAll(async () => {
    await docker.stop()
    await podman.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** Each run has an image of its own: another would find this one's in the engine. */
  const writeImage = (index: number) =>
    writeSmallService({
      path: join(folder, `image-${index}`),
      port: 19_000 + index,
      files: { filler: Buffer.alloc(4 << 20, index + 1) },
    })
  const start = (index: number): ChildProcess => {
    const runner = runners[index % runners.length] as string
    const asked = `--tcp ${19_000 + index} --stable-for 0 --timeout 60`
    const args = `smoke oci:image-${index} --runner ${runner} ${asked} --cache-dir cache-${index}`.split(' ')
    return spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env: { ...process.env, ...podman.env, ...docker.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  }
  /** What names this test's folder is of one of its runs. */
  const traces = async (): Promise<string[]> => {
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((pid) => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
      .filter((text) => text.includes(`${folder}/`) && !text.includes('docker-engine'))
    const mounts = read('/proc/self/mountinfo')
      .split('\n')
      .filter((line) => line.includes(`${folder}/`))
    const files = Array.from({ length: runs }, (_, index) => join(folder, `cache-${index}/tmp`))
      .filter((path) => existsSync(path))
      .flatMap((path) => readdirSync(path))
    const engines: string[] = []
    for (const ask of [docker.docker, podman.podman]) {
      engines.push(await ask(['ps', '--all', '--quiet']), await ask(['image', 'ls', '--all', '--quiet']))
    }
    // Another test's have processes in them.
    const groups = (
      await run('find', ['/sys/fs/cgroup', '-type', 'd', '-name', 'everyarch-*']).catch(() => '')
    )
      .split('\n')
      .filter((path) => existsSync(path) && read(join(path, 'cgroup.procs')) === '')
    return [...processes, ...mounts, ...files, ...groups, ...engines.join('\n').split('\n').filter(Boolean)]
  }

  it('is complete when it is left alone', async () => {
    const begun = performance.now()
    const child = start(0)
    const [code] = (await once(child, 'close')) as [number]
    expect([code, performance.now() - begun > 0]).toEqual([0, true])
    expect(await traces()).toEqual([])
  })

  it(`leaves nothing behind, ${runs} times`, async () => {
    const begun = performance.now()
    await once(start(0), 'close')
    const usual = performance.now() - begun
    const cutOff: string[] = []
    let next = 0
    const worker = async () => {
      while (next < runs) {
        const index = next++
        const child = start(index)
        const ended = once(child, 'close')
        const [how, delay] = [index % 2 ? 'SIGKILL' : 'SIGINT', Math.random() * 1.5 * usual] as const
        await Promise.race([ended, wait(delay)])
        if (child.exitCode === null && child.kill(how)) cutOff.push(`${index} ${how} ${Math.round(delay)}`)
        await ended
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    expect(cutOff.length).toBeGreaterThan(runs / 4)
    // The janitors of those that were killed are still at work.
    const patience = Date.now() + 60_000
    let left = await traces()
    while (left.length > 0 && Date.now() < patience) {
      await wait(500)
      left = await traces()
    }
    expect({ left, cutOff: left.length > 0 ? cutOff : [] }).toEqual({ left: [], cutOff: [] })
  })
})

/** A process may end while it is looked at. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
