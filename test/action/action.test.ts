/** The bundled action as the runner runs it: a real build of the example to a real registry, and what the workflow sees of it. */
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWith } from '../engines/describe-with.ts'
import { ensureNode } from '../engines/node.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { inspectRaw } from '../engines/skopeo.ts'
import { type CacheService, startCacheService } from './cache-service.ts'
import { type Job, startJob, type StepResult } from './runner.ts'

const root = resolve(import.meta.dirname, '../..')
let folder: string
let bundle: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everyarch-action-'))
  bundle = join(folder, 'bundle')
  await makeBundle(bundle)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function makeBundle(into: string): Promise<void> {
  await run(process.execPath, [join(root, 'scripts/build-action.mjs'), into])
}

async function filesOf(path: string): Promise<Map<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')))
  return new Map(files.map((file, index) => [file.slice(path.length), texts[index] as string]))
}

describe('the bundle', () => {
  it('is the same from the same sources, and knows nothing of the machine that made it', async () => {
    const again = join(folder, 'again')
    await makeBundle(again)
    const [one, other] = [await filesOf(bundle), await filesOf(again)]
    expect([...other.keys()]).toEqual([...one.keys()])
    expect([...other].filter(([name, text]) => one.get(name) !== text)).toEqual([])
    expect([...one].filter(([, text]) => text.includes(root) || text.includes(folder))).toEqual([])
  })
})

describeWith(['registry', 'skopeo', 'qemu', 'crun'], 'the action', () => {
  let workspace: string
  let cacheFolder: string
  let registry: Registry
  let service: CacheService
  let job: Job
  let built: StepResult
  const name = () => `${registry.host}/acme/thumbnailer`
  const buildInputs = () => ({
    tag: `${name()}:1.4.0\n${name()}:latest\n`,
    push: 'true',
    'cache-dir': cacheFolder,
    'smoke-runner': 'crun',
    label: 'org.example.team=images\norg.example.note=100% ours, really',
  })

  beforeAll(async () => {
    workspace = join(folder, 'workspace')
    await cp(join(root, 'examples/thumbnailer'), workspace, { recursive: true })
    cacheFolder = join(folder, 'cache')
    await ensureQemu(['arm64'])
    registry = await startRegistry()
    service = await startCacheService()
    job = await startJob(bundle, workspace)
    built = await job.run(buildInputs(), { env: service.env })
  })

  afterAll(async () => {
    await job.remove()
    await service.stop()
    await registry.stop()
  })

  it('builds and publishes what its outputs say', async () => {
    expect(built.log).toContain('done in')
    expect(built.exitCode).toBe(0)
    const { digest, tags, platforms, metadata } = built.outputs
    expect(tags?.split('\n')).toEqual([`${name()}:1.4.0`, `${name()}:latest`])
    const index = await inspectRaw(`docker://${name()}@${digest}`)
    const entries = (JSON.parse(index) as { manifests: { digest: string }[] }).manifests
    const pairs = JSON.parse(platforms as string) as { platform: string; digest: string }[]
    expect(pairs.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64'])
    expect(pairs.map((pair) => pair.digest)).toEqual(entries.map((entry) => entry.digest))
    expect(JSON.parse(metadata as string)).toMatchObject({ 'containerimage.digest': digest })
    expect(JSON.parse(await readFile(built.outputs.report as string, 'utf8'))).toMatchObject({ digest })
  })

  it('shows the platforms in the summary, and its log in a group', () => {
    expect(built.summary).toContain('| <code>linux/arm64</code> | <code>sha256:')
    expect(built.summary.match(/✓ passed/gu)).toHaveLength(2)
    expect(built.summary).toContain(`<code>${name()}:latest</code>`)
    expect(built.commands).toContainEqual(expect.stringMatching(/^group::everyarch build /u))
    expect(built.commands).toContain('endgroup::')
    expect(built.commands.filter((command) => /^(error|warning)/u.test(command))).toEqual([])
  })

  it('keeps its cache for the next job, and leaves nothing else', async () => {
    const finished = await job.finish({ env: service.env })
    expect(finished.exitCode).toBe(0)
    expect(service.keys()).toHaveLength(1)
    expect(existsSync(built.outputs.report as string)).toBe(false)
    await rm(cacheFolder, { recursive: true })

    // The Node.js that action.yml asks runners for.
    const next = await startJob(bundle, workspace, await ensureNode(24))
    try {
      const again = await next.run(buildInputs(), { env: service.env })
      expect(again.log).toContain('Cache restored')
      expect(again.outputs.digest).toBe(built.outputs.digest)
      expect(again.log).toMatch(/packages for all platforms .*cached/u)
      await next.finish({ env: service.env })
      expect(service.keys()).toHaveLength(1)
    } finally {
      await next.remove()
    }
  })

  it('joins what other jobs pushed by digest', async () => {
    const jobs = await startJob(bundle, workspace)
    try {
      const repository = `${registry.host}/acme/split`
      const inputs = {
        ...buildInputs(),
        tag: repository,
        push: '',
        'push-by-digest': 'true',
        'runner-cache': 'false',
      }
      for (const cpu of ['amd64', 'arm64']) {
        const file = join(folder, `${cpu}.json`)
        const leg = await jobs.run({ ...inputs, platform: `linux/${cpu}`, 'digest-file': file })
        expect([leg.exitCode, leg.outputs.tags]).toEqual([0, ''])
      }
      const published = await jobs.run({
        command: 'publish',
        image: ['amd64', 'arm64'].map((cpu) => join(folder, `${cpu}.json`)).join('\n'),
        platform: 'linux/amd64,linux/arm64',
        tag: `${repository}:1.4.0`,
        'cache-dir': cacheFolder,
      })
      expect(published.exitCode).toBe(0)
      expect(published.outputs.tags).toBe(`${repository}:1.4.0`)
      expect(published.summary).toContain('### everyarch publish')
      const index = JSON.parse(await inspectRaw(`docker://${repository}:1.4.0`)) as object
      expect(index).toMatchObject({ annotations: { 'dev.everyarch.tested': 'linux/amd64,linux/arm64' } })
    } finally {
      await jobs.remove()
    }
  })

  it('verifies and checks', async () => {
    const other = await startJob(bundle, workspace)
    try {
      const verified = await other.run({
        command: 'verify',
        image: `${name()}:1.4.0`,
        'require-platforms': 'linux/arm64',
      })
      expect(verified.exitCode).toBe(0)
      expect(verified.outputs.digest).toBe(built.outputs.digest)
      expect(verified.summary).toContain('everyarch verify: sound')
      const missing = await other.run({
        command: 'verify',
        image: `${name()}:1.4.0`,
        'require-platforms': 'linux/s390x',
      })
      expect(missing.exitCode).toBe(1)
      expect(missing.commands.join('\n')).toContain('error title=image/platform-missing::')

      await mkdir(join(workspace, 'service'))
      await writeFile(
        join(workspace, 'service/Dockerfile'),
        'FROM --platform=linux/amd64 node:22-slim\nUSER node\n',
      )
      const checked = await other.run({ command: 'check', path: 'service' })
      expect(checked.exitCode).toBe(1)
      expect(checked.commands).toContainEqual(
        expect.stringMatching(
          /^error file=service\/Dockerfile,line=1,col=6,.*title=dockerfile\/constant-platform::/u,
        ),
      )
      expect(checked.summary).toContain('everyarch check: 1 error')
    } finally {
      await other.remove()
    }
  })
})

describe('the action without a registry', () => {
  let workspace: string
  let job: Job

  beforeAll(async () => {
    workspace = join(folder, 'service')
    await mkdir(workspace)
    const scripts = { build: 'node build.mjs' }
    await writeFile(join(workspace, 'package.json'), JSON.stringify({ name: 'x', main: 'x.js', scripts }))
    await writeFile(join(workspace, 'x.js'), '')
    job = await startJob(bundle, workspace)
  })

  afterAll(() => job.remove())

  const offline = { 'runner-cache': 'false' }

  it('says in one annotation what is wrong with its inputs', async () => {
    for (const [inputs, text] of [
      [{ command: 'deploy' }, /ACTION_COMMAND_UNKNOWN::input command: deploy .*build, publish, verify/u],
      [{ push: 'yes' }, /ACTION_INPUT_INVALID::input push: yes is neither true nor false/u],
      [
        { command: 'verify', image: 'x', push: 'true' },
        /ACTION_INPUT_MISPLACED::input push is not for verify/u,
      ],
      [{ base: 'a\nb' }, /ACTION_INPUT_INVALID::input base takes one value, and has 2 lines/u],
    ] as const) {
      const result = await job.run({ ...offline, ...inputs })
      expect(result.exitCode).toBe(2)
      expect(result.commands).toHaveLength(1)
      expect(result.commands[0]).toMatch(text)
      expect(result.log).not.toMatch(/\n\s+at /u)
    }
  })

  it('passes the failure of the command on, with its exit code', async () => {
    const result = await job.run({ ...offline, push: 'true' })
    expect(result.exitCode).toBe(2)
    expect(result.commands.join('\n')).toMatch(
      /error title=everyarch build%3A INVALID_FLAG::--push needs a name.*%0A/u,
    )
    expect(result.summary).toContain('### everyarch build: failed')
    expect(result.outputs.digest).toBeUndefined()
  })

  it('takes nothing that a build prints for a command, and gives it no token of the runner', async () => {
    await writeFile(
      join(workspace, 'build.mjs'),
      'console.log(process.env); console.log("::error::fooled"); process.exit(3)',
    )
    await writeFile(
      join(workspace, 'package-lock.json'),
      JSON.stringify({ name: 'x', lockfileVersion: 3, packages: { '': { name: 'x' } } }),
    )
    const result = await job.run(
      { ...offline, base: 'assemble:bookworm', verbose: 'true', output: 'oci:out' },
      { env: { ACTIONS_RUNTIME_TOKEN: 'runner-secret', INPUT_OTHER: 'input-secret' } },
    )
    expect(result.exitCode).toBe(1)
    expect(result.log).toContain('::error::fooled')
    expect(result.commands.filter((command) => command.includes('fooled'))).toEqual([
      expect.stringMatching(/^error title=everyarch build%3A BUILD_FAILED::build script failed/u),
    ])
    expect(result.log).not.toMatch(/runner-secret|input-secret/u)
  })

  it('ends when the run is cancelled', async () => {
    await writeFile(join(workspace, 'build.mjs'), 'console.log("waiting"); setInterval(() => {}, 1000)')
    const result = await job.run(
      { ...offline, base: 'assemble:bookworm', verbose: 'true', output: 'oci:out' },
      {
        onStart: (kill, log) => {
          const timer = setInterval(() => {
            if (!log().includes('waiting')) return
            clearInterval(timer)
            kill('SIGINT')
          }, 50)
        },
      },
    )
    expect(result.exitCode).toBe(130)
    expect(result.commands.join('\n')).toContain('INTERRUPTED::interrupted')
    expect(existsSync(join(workspace, 'out'))).toBe(false)
  })
})
