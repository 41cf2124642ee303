/** Images that are well formed and do not work: each is caught, with the cause in words. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunConfig } from '../../src/oci/index.ts'
import {
  type AddonsProbe,
  chooseRunners,
  type CommandProbe,
  type Probe,
  type Runner,
  smokeImage,
  type StartProbe,
} from '../../src/smoke/index.ts'
import { type ContentCache, openCache } from '../../src/store/index.ts'
import { nodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { nodeApiAddon } from '../verify/compile.ts'
import { baseOf, type Files, testImage } from '../verify/image.ts'

const { signal } = new AbortController()
const port = 18_437
const timeout = 6000
const http = (path = '/'): StartProbe => ({
  type: 'start',
  ready: [{ type: 'http', port, path }],
  timeout,
  stopTimeout: 1500,
})
const addons: AddonsProbe = { type: 'addons', timeout: 60_000 }
const sound = `const server = require('node:http').createServer((_, answer) => answer.end('fine')).listen(${port})
process.on('SIGTERM', () => server.close())\n`
const addon = 'app/node_modules/native/build/Release/native.node'

interface Broken {
  title: string
  platform?: string
  files: Files
  config?: RunConfig
  probe: Probe
  /** code and words of the cause */
  cause: string
  says: RegExp
}

const broken: Broken[] = [
  {
    title: 'an addon of another CPU',
    files: { [addon]: nodeApiAddon('arm64') },
    probe: addons,
    cause: 'wrong-addon',
    says: /^app\/node_modules\/native\/.*compiled for another CPU than linux\/amd64/,
  },
  {
    title: 'an entrypoint that is not there',
    files: { 'app/server.js': sound },
    config: { Entrypoint: ['/app/start.sh'] },
    probe: http(),
    cause: 'program-missing',
    says: /\/app\/start\.sh is not in the image/,
  },
  {
    title: 'a script without a #! line',
    files: { 'app/start': { content: 'echo\n', mode: 0o755 } },
    config: { Entrypoint: ['/app/start'] },
    probe: http(),
    cause: 'exec-format',
    says: /exec format error/,
  },
  {
    title: 'a server file that was not copied',
    files: { 'app/package.json': '{}' },
    config: { Cmd: ['node', '/app/dist/server.js'] },
    probe: http(),
    cause: 'module-missing',
    says: /\/app\/dist\/server\.js is not in the image/,
  },
  {
    title: 'a service that exits 0 at once',
    files: { 'app/server.js': '' },
    probe: http(),
    cause: 'exited',
    says: /exit code 0/,
  },
  {
    title: 'a service that never listens',
    files: { 'app/server.js': 'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))' },
    probe: http(),
    cause: 'port-closed',
    says: /port 18437 never opened/,
  },
  {
    title: 'a service that listens to another port',
    files: { 'app/server.js': sound.replace(`${port}`, '18438') },
    config: { ExposedPorts: { '18438/tcp': {} } },
    probe: http(),
    cause: 'port-closed',
    says: /never opened/,
  },
  {
    title: 'a service that crashes after two seconds',
    files: { 'app/server.js': 'setTimeout(() => { throw new TypeError("no database") }, 2000)' },
    probe: http(),
    cause: 'exited',
    says: /exit code 1: TypeError: no database/,
  },
  {
    title: 'a service that ignores SIGTERM',
    files: { 'app/server.js': sound.replace(/process\.on.*/, '') },
    probe: http(),
    cause: 'ignores-stop-signal',
    says: /ignores SIGTERM/,
  },
  {
    title: 'a service that is not healthy',
    files: { 'app/server.js': sound.replace("answer.end('fine')", "answer.writeHead(503).end('no')") },
    probe: http('/healthz'),
    cause: 'wrong-answer',
    says: /GET :18437\/healthz 503, expected 200 to 399/,
  },
  {
    title: 'a service that needs a variable',
    files: {
      'app/server.js': 'if (!process.env.DATABASE_URL) throw new RangeError("DATABASE_URL is not set")',
    },
    probe: http(),
    cause: 'exited',
    says: /RangeError: DATABASE_URL is not set/,
  },
  {
    title: 'a command that hangs',
    files: {},
    probe: {
      type: 'command',
      argv: ['node', '-e', 'setInterval(() => {}, 1000)'],
      timeout: 2000,
    } satisfies CommandProbe,
    cause: 'timeout',
    says: /did not end within 2 s/,
  },
  {
    title: 'a user that does not exist',
    files: { 'app/server.js': sound },
    config: { User: 'nobody-here' },
    probe: http(),
    cause: 'not-started|image-unusable',
    says: /nobody-here/,
  },
]

describeWith(['docker', 'qemu', 'base-image', 'gcc', 'aarch64-linux-gnu-gcc'], 'broken images', () => {
  let folder: string
  let layout: string
  let docker: Docker
  let cache: ContentCache

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everyarch-smoke-'))
    cache = openCache(join(folder, 'cache'))
    layout = await nodeBaseImage()
    await ensureQemu(['arm64'])
    docker = await startDocker()
  })

  afterAll(async () => {
    await docker.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const runners = (): Promise<Runner[]> =>
    chooseRunners({ wanted: 'docker', env: { ...process.env, ...docker.env }, cache, signal })

  it.each(broken)('finds $title', async ({ platform = 'linux/amd64', files, config, probe, cause, says }) => {
    const base = baseOf(layout, platform)
    const image = await testImage([
      {
        platform,
        layers: [...base.layers, { app: { directory: true }, ...files }],
        config: { ...base.config, WorkingDir: '/app', Cmd: ['node', '/app/server.js'], ...config },
      },
    ])
    const report = await smokeImage(image, {
      probes: [probe],
      runners: await runners(),
      signal,
    })
    const [result] = report.platforms[0]?.probes ?? []
    expect(result?.cause?.text).toMatch(says)
    expect(result?.cause?.code).toMatch(new RegExp(`^(?:${cause})$`))
    expect(result?.cause?.hint).not.toBe('')
    expect(report.passed).toBe(false)
    expect(await readdir(join(folder, 'cache/tmp'))).toEqual([])
    expect(await docker.docker(['ps', '--all', '--quiet'])).toBe('')
    expect(await docker.docker(['image', 'ls', '--all', '--quiet'])).toBe('')
  })
})
