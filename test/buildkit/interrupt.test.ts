/** Ends at the wrong moment: Ctrl-C stops the build in the builder, and no way to die moves a tag to an unproved image. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ProjectFolder, projectFolder } from '../build/project-folder.ts'
import { startRemoteBuildKit } from '../engines/buildkit-remote.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { openDockerfileWorkshop } from '../engines/dockerfile-workshop.ts'
import type { Registry } from '../engines/registry.ts'

const root = join(import.meta.dirname, '../..')
const kills = 50

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'a build that is cut off', () => {
  let folder: string
  let close: () => Promise<void>
  let registry: Registry
  let docker: Docker
  let base: string
  let project: ProjectFolder
  beforeAll(async () => {
    ;({ folder, registry, docker, base, close } = await openDockerfileWorkshop('cut', { buildx: 'newest' }))
    project = await projectFolder({
      'package.json': JSON.stringify({ name: 'cut', version: '1.0.0', main: 'a.js' }),
      'package-lock.json': JSON.stringify({
        name: 'cut',
        version: '1.0.0',
        lockfileVersion: 3,
        packages: { '': { name: 'cut', version: '1.0.0' } },
      }),
      'a.js': '',
    })
  })
  afterAll(async () => {
    await project[Symbol.asyncDispose]()
    await close()
  })

  const cache = () => join(folder, 'cache')
  const start = (name: string, engine: Docker, flags: readonly string[] = []) => {
    const args = ['build', project.path, '--tag', `${registry.host}/${name}:1`, '--push', '--no-smoke']
    const child = spawn(
      process.execPath,
      [join(root, 'dist/cli.js'), ...args, '--cache-dir', cache(), '--progress', 'json', ...flags],
      { cwd: folder, env: { ...process.env, ...engine.env }, stdio: ['ignore', 'ignore', 'pipe'] },
    )
    let said = ''
    child.stderr.on('data', (bytes) => (said += String(bytes)))
    const ended = once(child, 'close').then(([code]) => code as number | null)
    const reached = (pattern: RegExp) =>
      new Promise<boolean>((resolve) => {
        child.stderr.on('data', () => pattern.test(said) && resolve(true))
        child.once('close', () => resolve(pattern.test(said)))
      })
    return { child, ended, reached, said: () => said }
  }
  const digestOf = async (name: string) => {
    const headers = { accept: 'application/vnd.oci.image.index.v1+json' }
    const answer = await fetch(`http://${registry.host}/v2/${name}/manifests/1`, { method: 'HEAD', headers })
    return answer.headers.get('docker-content-digest')
  }
  const tagExists = async (name: string) =>
    (await fetch(`http://${registry.host}/v2/${name}/tags/list`)).status === 200

  /** Programs of this machine with a word of their own in the command line: the engine's containers are among them. */
  const running = (word: string) =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
          return words.includes('sleep') && words.includes(word)
        } catch {
          return false
        }
      })
  const until = async (condition: () => boolean) => {
    for (let tries = 0; tries < 300 && !condition(); tries++) await wait(100)
    return condition()
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 130],
    ['SIGKILL', null],
  ] as const)('%s stops the build in the builder', async (signal, code) => {
    const word = `6${process.pid}${code ?? 1}`
    await project.write({ Dockerfile: `FROM ${base}\nRUN sleep ${word}\n` })
    const run = start('interrupted', docker, ['--platform', 'linux/amd64'])
    expect(await until(() => running(word).length > 0)).toBe(true)
    run.child.kill(signal)
    expect(await run.ended).toBe(code)
    expect(await until(() => running(word).length === 0)).toBe(true)
    if (signal !== 'SIGKILL') {
      expect(run.said()).toContain('interrupted')
      expect(existsSync(join(cache(), 'tmp')) ? readdirSync(join(cache(), 'tmp')) : []).toEqual([])
    }
    expect(await tagExists('interrupted')).toBe(false)
  })

  it(`killed ${kills} times while a bad image is built, the tag stays where it was`, async () => {
    const engines: Docker[] = [docker]
    const remote = await startRemoteBuildKit(docker)
    await docker.docker(['buildx', 'create', '--name', 'far', '--driver', 'remote', remote.address])
    try {
      expect(await start('kept', docker, ['--engine', 'direct', '--base', base]).ended).toBe(0)
      const proved = await digestOf('kept')
      // The machine's own program in an image for another CPU: the gate has to close.
      await copyFile('/bin/true', join(project.path, 'true'))
      for (let kill = 0; kill < kills; kill++) {
        await project.write({
          Dockerfile: `FROM scratch\nCOPY true /bin/true\nLABEL run=${kill}\nCMD ["/bin/true"]\n`,
        })
        const killsEngine = kill % 10 === 9
        const engine = killsEngine ? await startDocker({ buildx: 'newest' }) : docker
        if (killsEngine) engines.push(engine)
        const run = start('kept', engine, kill % 2 === 0 ? ['--builder', 'far'] : [])
        await wait(Math.random() * 2500)
        if (killsEngine) await engine.stop()
        else run.child.kill('SIGKILL')
        const code = await run.ended
        expect(code).not.toBe(0)
        expect(await digestOf('kept')).toBe(proved)
      }
    } finally {
      await remote.stop()
      for (const engine of engines.slice(1)) await engine.stop()
    }
  })

  it('left alone, the same build is stopped by the gate alone', async () => {
    const run = start('kept', docker)
    expect(await run.ended).toBe(1)
    expect(run.said()).toContain('image/wrong-architecture')
  })
})
