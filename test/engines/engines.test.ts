/** Shows that every engine really does what other tests rely on. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nodeBaseImage, pushNodeBaseImage } from './base-image.ts'
import { describeWith } from './describe-with.ts'
import { type Docker, startDocker } from './docker.ts'
import { ensureNode } from './node.ts'
import { ensureQemu } from './qemu.ts'
import { type Registry, startRegistry } from './registry.ts'
import { copyImage, inspectRaw } from './skopeo.ts'
import { unpackImage } from './umoci.ts'

describeWith(['npm'], 'other versions of Node', () => {
  it('runs Node 24', async () => {
    expect(execFileSync(await ensureNode(24), ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./)
  })
})

describeWith(['registry'], 'registry', () => {
  it('listens on a free port and is gone after stop', async () => {
    const [one, other] = await Promise.all([startRegistry(), startRegistry()])
    expect(one.host).not.toBe(other.host)
    expect((await fetch(`http://${one.host}/v2/`)).status).toBe(200)
    await Promise.all([one.stop(), other.stop()])
    await expect(fetch(`http://${one.host}/v2/`)).rejects.toThrow('fetch failed')
    expect(existsSync(one.folder)).toBe(false)
  })

  it('asks for the password that it was given', async () => {
    const registry = await startRegistry({ users: { ann: 'secret' } })
    const login = async (password: string) => {
      const authorization = `Basic ${Buffer.from(`ann:${password}`).toString('base64')}`
      return (await fetch(`http://${registry.host}/v2/`, { headers: { authorization } })).status
    }
    expect((await fetch(`http://${registry.host}/v2/`)).status).toBe(401)
    expect([await login('wrong'), await login('secret')]).toEqual([401, 200])
    await registry.stop()
  })
})

describeWith(['base-image', 'registry', 'umoci', 'qemu', 'file'], 'base image', () => {
  let registry: Registry
  beforeAll(async () => {
    registry = await startRegistry()
    await ensureQemu(['arm64'])
  })
  afterAll(() => registry.stop())

  it('is an index over two platforms that a registry takes', async () => {
    const reference = await pushNodeBaseImage(registry)
    const index = JSON.parse(await inspectRaw(`docker://${reference}`)) as {
      manifests: { platform: { architecture: string } }[]
    }
    expect(index.manifests.map(({ platform }) => platform.architecture)).toEqual(['amd64', 'arm64'])
    expect(await registry.storedBytes()).toBeGreaterThan(100_000_000)
  })

  it('unpacks to a system that runs node and npm of its own platform', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'everyarch-base-'))
    const root = await unpackImage(await nodeBaseImage(), 'linux/arm64', join(folder, 'bundle'))
    const chroot = (...command: string[]) => execFileSync('chroot', [root, ...command], { encoding: 'utf8' })
    expect(chroot('node', '-p', 'process.arch')).toBe('arm64\n')
    expect(chroot('npm', '--version')).toMatch(/^10\./)
    expect(chroot('dpkg-query', '--show', '--showformat=${Architecture}', 'libstdc++6')).toBe('arm64')
    await rm(folder, { recursive: true })
  })
})

describeWith(['docker', 'base-image', 'registry', 'qemu'], 'Docker', () => {
  let docker: Docker
  let registry: Registry
  let base: string
  beforeAll(async () => {
    await ensureQemu(['arm64'])
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    docker = await startDocker()
  })
  afterAll(async () => {
    await docker.stop()
    await registry.stop()
  })

  it.each([
    ['linux/amd64', 'x86_64'],
    ['linux/arm64', 'aarch64'],
  ])('runs a container of %s', async (platform, machine) => {
    const args = ['run', '--rm', '--platform', platform, base, 'uname', '-m']
    expect(await docker.docker(args)).toBe(`${machine}\n`)
  })

  it('publishes ports', async () => {
    const server = 'require("http").createServer((_, answer) => answer.end("hello")).listen(3000)'
    const run = ['run', '--detach', '--init', '--publish', '127.0.0.1::3000', base, 'node', '-e', server]
    const container = (await docker.docker(run)).trim()
    const address = (await docker.docker(['port', container, '3000'])).trim()
    await expect.poll(() => fetch(`http://${address}`).then((answer) => answer.text())).toBe('hello')
    await docker.docker(['rm', '--force', container])
  })

  it('builds and pushes two platforms with buildx', async () => {
    const target = `${registry.host}/built:1`
    const dockerfile = `FROM ${base}\nRUN uname -m > /machine\n`
    const build = ['buildx', 'build', '--platform', 'linux/amd64,linux/arm64', '--provenance=false', '--push']
    await docker.docker([...build, '--tag', target, '-'], { input: dockerfile })
    const folder = await mkdtemp(join(tmpdir(), 'everyarch-built-'))
    await copyImage(`docker://${target}`, `oci:${folder}:built`)
    expect(await docker.docker(['run', '--rm', '--platform', 'linux/arm64', target, 'cat', '/machine'])).toBe(
      'aarch64\n',
    )
    await rm(folder, { recursive: true })
  })

  it('knows two generations of buildx', async () => {
    const newest = await startDocker({ buildx: 'newest' })
    const versions = await Promise.all([docker, newest].map((engine) => engine.docker(['buildx', 'version'])))
    await newest.stop()
    expect(versions[0]).toMatch(/ 0\.13\./)
    expect(versions[1]).not.toMatch(/ 0\.13\./)
  })

  it('ends with its owner and leaves nothing behind, as the registry does', async () => {
    const code = `import { startDocker } from ${JSON.stringify(join(import.meta.dirname, 'docker.ts'))}
      import { startRegistry } from ${JSON.stringify(join(import.meta.dirname, 'registry.ts'))}
      const registry = await startRegistry()
      const docker = await startDocker()
      console.log(JSON.stringify([registry.host, registry.folder, docker.host]))
      process.kill(process.pid, 'SIGKILL')`
    const loader = join(import.meta.dirname, '../../scripts/typescript.mjs')
    const args = ['--import', loader, '--input-type=module', '--eval', code]
    const { stdout, signal } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(signal).toBe('SIGKILL')
    const [host = '', content = '', socket = ''] = JSON.parse(stdout) as string[]
    const instance = dirname(socket.replace('unix://', ''))
    const left = () => [dirname(content), instance].filter((folder) => existsSync(folder))
    await expect.poll(left, { timeout: 30_000, interval: 200 }).toEqual([])
    await expect(fetch(`http://${host}/v2/`)).rejects.toThrow('fetch failed')
    expect(Object.keys(networkInterfaces())).not.toContain(`ea-${instance.split('-').at(-1)}`)
  })
})
