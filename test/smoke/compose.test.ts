/** A service of a compose file as the image under test, with a real database beside it, on two platforms. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chooseRunners, type Probe, type Runner, smokeImage } from '../../src/smoke/index.ts'
import { type ContentCache, type ImageReader, openCache } from '../../src/store/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { cached, recipeHash } from '../engines/cache.ts'
import { debianFolder } from '../engines/debian.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { addLayer, writeLayout } from '../engines/image-layout.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { copyPlatform } from '../engines/skopeo.ts'
import { baseOf, testImage } from '../verify/image.ts'

const { signal } = new AbortController()
const platforms = ['linux/amd64', 'linux/arm64']

const client = `
const socket = require('node:net').connect(6379, process.env.DATABASE)
socket.write('SET platform ' + process.arch + '\\r\\nGET platform\\r\\n')
let said = ''
socket.on('data', (text) => {
  said += text
  if (!said.includes(process.arch)) return
  console.log('stored ' + process.arch)
  process.exit(Number(process.env.END || 0))
})`

// The test's engine has no iptables, which name resolution between containers needs.
const subnet = `172.29.${process.pid % 250}`

/** Fixed names, fixed ports and a volume of the user's: what a compose file for development has. */
const compose = (command: string[]) =>
  JSON.stringify({
    services: {
      tests: {
        extends: { file: 'common.yaml', service: 'shop' },
        env_file: 'test.env',
        environment: { PRICE: '5$$' },
        container_name: 'the-tests',
        depends_on: {
          db: { condition: 'service_healthy' },
          migration: { condition: 'service_completed_successfully' },
        },
        command: ['node', '/app/client.js'],
        networks: ['shop'],
      },
      migration: {
        extends: { file: 'common.yaml', service: 'shop' },
        profiles: ['setup'],
        command: ['node', '-e', 'console.log("migrated")'],
        networks: ['shop'],
      },
      endless: { build: '.', command: ['node', '-e', 'setInterval(() => {}, 1000)'] },
      db: {
        build: './database',
        command,
        container_name: 'the-database',
        ports: ['6379:6379'],
        volumes: ['data:/data'],
        networks: { shop: { ipv4_address: `${subnet}.10` } },
        healthcheck: { test: ['CMD', 'redis-cli', 'ping'], interval: '1s', retries: 60, start_period: '30s' },
      },
    },
    networks: { shop: { name: 'shop', ipam: { config: [{ subnet: `${subnet}.0/24` }] } } },
    volumes: { data: { name: 'kept-data' } },
  })

describeWith(['docker', 'qemu', 'base-image', 'mmdebstrap'], 'a compose file', () => {
  let folder: string
  let docker: Docker
  let cache: ContentCache
  let runners: Runner[]
  let image: ImageReader

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-compose-'))
    cache = openCache(join(folder, 'cache'))
    await ensureQemu(['arm64'])
    docker = await startDocker()
    const archive = join(folder, 'database.tar')
    await copyPlatform(await databaseImage(), `docker-archive:${archive}:database:1`, 'linux/amd64')
    await docker.docker(['load', '--input', archive])
    // The user's own, which has to survive.
    await docker.docker(['volume', 'create', 'kept-data'])
    runners = await chooseRunners({ wanted: 'docker', env: { ...process.env, ...docker.env }, cache, signal })
    const layout = await nodeBaseImage()
    image = await testImage(
      platforms.map((platform) => {
        const base = baseOf(layout, platform)
        const layers = [...base.layers, { app: { directory: true } as const, 'app/client.js': client }]
        return { platform, layers, config: { ...base.config, WorkingDir: '/app' } }
      }),
    )
    await writeFile(join(folder, 'common.yaml'), JSON.stringify({ services: { shop: { build: '.' } } }))
    await writeFile(join(folder, 'test.env'), `DATABASE=${subnet}.10\n`)
    await mkdir(join(folder, 'database'))
    await writeFile(join(folder, 'database/Dockerfile'), 'FROM database:1\nENV MADE_BY=compose\n')
    const serve = ['redis-server', '--bind', '0.0.0.0', '--protected-mode', 'no', '--save', '']
    await writeFile(join(folder, 'compose.yaml'), compose(serve))
    await writeFile(join(folder, 'broken.yaml'), compose(['redis-server', '--no-such-option']))
  })

  afterAll(async () => {
    await docker.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const leftBehind = async (): Promise<string[]> => {
    const lines = async (...args: string[]) => (await docker.docker(args)).split('\n').filter(Boolean)
    const kept = ['bridge', 'host', 'none', 'kept-data', 'database:1']
    const there = [
      ...(await lines('ps', '--all', '--format', '{{.Names}}')),
      ...(await lines('network', 'ls', '--format', '{{.Name}}')),
      ...(await lines('volume', 'ls', '--quiet')),
      ...(await lines('image', 'ls', '--all', '--format', '{{.Repository}}:{{.Tag}}')),
    ]
    expect(there).toEqual(expect.arrayContaining(kept))
    return there.filter((name) => !kept.includes(name))
  }

  const smoke = (probe: Partial<Extract<Probe, { type: 'compose' }>>, only = platforms) =>
    smokeImage(image, {
      probes: [
        {
          type: 'compose',
          file: join(folder, 'compose.yaml'),
          service: 'tests',
          platforms: only,
          timeout: 120_000,
          ...probe,
        },
      ],
      runners,
      // Both platforms at once, although the file names ports and addresses of its own.
      concurrency: 2,
      signal,
    })

  it('runs the tests of both platforms against a database', async () => {
    const { platforms: tested, passed } = await smoke({})
    const logs = tested.map(({ probes }) => probes[0]?.log.join('\n'))
    expect([passed, logs]).toEqual([
      true,
      [expect.stringContaining('stored x64'), expect.stringContaining('stored arm64')],
    ])
    expect(tested.map(({ emulated }) => emulated)).toEqual([false, true])
    const waited = `everyarch: started after another platform, as network shop has the addresses ${subnet}.0/24`
    expect(logs.filter((log) => log?.includes(waited))).toHaveLength(1)
    expect(await leftBehind()).toEqual([])
  })

  it('counts the exit code, and keeps what the database said', async () => {
    const [result] = (await smoke({ env: { END: '3' } }, ['linux/amd64'])).platforms
    expect(result?.probes[0]?.cause).toMatchObject({
      code: 'exited',
      text: expect.stringContaining('exit code 3'),
    })
    expect(result?.probes[0]?.log.join('\n')).toMatch(/stored x64[^]*Ready to accept connections/)
    expect(await leftBehind()).toEqual([])
  })

  it('says when what it depends on is broken', async () => {
    const [result] = (await smoke({ file: join(folder, 'broken.yaml') }, ['linux/amd64'])).platforms
    expect(result?.probes[0]?.cause).toMatchObject({
      code: 'dependency-failed',
      text: expect.stringMatching(/service db/),
    })
    expect(await leftBehind()).toEqual([])
  })

  it('says when the service does not end', async () => {
    const [result] = (await smoke({ service: 'endless', timeout: 8000 }, ['linux/amd64'])).platforms
    expect(result?.probes[0]?.cause?.code).toBe('timeout')
    expect(await leftBehind()).toEqual([])
  })

  it('refuses a service that is not there, and a file that is none', async () => {
    await expect(smoke({ service: 'test' }, ['linux/amd64'])).rejects.toMatchObject({
      code: 'INVALID_PROBE',
      message: expect.stringMatching(
        /there is no service test in .*compose\.yaml: it has db, endless, migration, tests/,
      ),
    })
    await expect(smoke({ file: join(folder, 'absent.yaml') }, ['linux/amd64'])).rejects.toMatchObject({
      code: 'INVALID_PROBE',
      message: expect.stringMatching(/absent\.yaml/),
    })
    expect(await leftBehind()).toEqual([])
  })
})

/** Redis out of Debian packages; nothing of them is configured, and it needs nothing of that. */
async function databaseImage(): Promise<string> {
  const root = await debianFolder({
    suite: 'bookworm',
    architecture: 'amd64',
    packages: ['base-files', 'redis-server'],
  })
  const layout = await cached(`redis-${recipeHash(root)}`, async (target) => {
    const config = { Env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'], Cmd: ['redis-server'], WorkingDir: '/data' }
    await writeLayout(target, '1', [
      { architecture: 'amd64', layers: [await addLayer(target, root)], config },
    ])
  })
  return `oci:${layout}:1`
}
