/** Libraries that a compiled addon asks for, brought into a base image that exists already. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch, type Outcome } from '../build/everyarch.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { run } from '../engines/run.ts'

const engines = ['base-image', 'docker', 'qemu', 'g++', 'aarch64-linux-gnu-g++', 'make', 'python3']

describeWith(engines, 'an addon with system libraries upon a base of Debian', () => {
  let folder: string
  let docker: Docker
  let built: Outcome

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-base-'))
    await ensureQemu(['arm64'])
    const manifest = {
      name: 'database',
      version: '1.0.0',
      dependencies: { libpq: '1.11.0' },
      scripts: { start: 'node server.js' },
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
    await writeFile(join(folder, 'server.js'), 'new (require("libpq"))()')
    await writeFile(
      join(folder, 'everyarch.config.json'),
      JSON.stringify({ base: await nodeBaseImage(), platforms: ['linux/amd64', 'linux/arm64'] }),
    )
    await run('npm', ['install', '--package-lock-only', '--omit-lockfile-registry-resolved=true'], {
      cwd: folder,
    })
    docker = await startDocker()
    const env = { DOCKER_HOST: docker.host, DOCKER_CONFIG: docker.env.DOCKER_CONFIG ?? '' }
    const args = [
      'build',
      '.',
      '--output',
      'oci:layout:1.0',
      '--output',
      'docker-daemon:database:dev',
      '--cache-dir',
      'cache',
      '--progress',
      'plain',
    ]
    built = await everyarch(args, { cwd: folder, env })
  })

  afterAll(async () => {
    await docker.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('compiles it and proves the image', () => {
    expect(built.stderr).toMatch(/libpq@1\.11\.0 compiled for linux\/arm64/)
    expect(built.exitCode).toBe(0)
  })

  it.each(['linux/amd64', 'linux/arm64'])(
    'is loaded, and dpkg knows the libraries, on %s',
    async (platform) => {
      // dpkg locks its database, which is root's, even when it only looks for mistakes.
      const inside = (...command: string[]) =>
        docker.docker(['run', '--rm', '--user', '0', '--platform', platform, 'database:dev', ...command])
      expect(await inside('node', '-p', 'typeof new (require("libpq"))().connectSync')).toBe('function\n')
      expect(await inside('dpkg', '--status', 'libpq5')).toContain('Status: install ok installed')
      expect(await inside('dpkg', '--status', 'apt')).toContain('Status: install ok installed')
      expect(await inside('dpkg', '--search', '/usr/lib/*/libpq.so.5')).toContain('libpq5')
      // The base itself lacks checksums, which dpkg says of each of its packages.
      expect(await inside('dpkg', '--audit')).not.toContain('libpq5')
    },
  )
})
