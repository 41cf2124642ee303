/** Builders of every kind that can be had here: the engine's own, a remote one, one of two nodes; old buildx and new. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Forecast } from '../../src/forecast/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { type ProjectFolder, plainService, projectFolder } from '../build/project-folder.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { type RemoteBuildKit, startRemoteBuildKit } from '../engines/buildkit-remote.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { inspectRaw } from '../engines/skopeo.ts'

const platforms = ['linux/amd64', 'linux/arm64']

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'builders', () => {
  let folder: string
  let registry: Registry
  let newest: Docker
  let stable: Docker
  let remotes: RemoteBuildKit[]
  let project: ProjectFolder

  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-builders-'))
    registry = await startRegistry()
    const base = await pushNodeBaseImage(registry)
    newest = await startDocker({ buildx: 'newest' })
    stable = await startDocker()
    remotes = [await startRemoteBuildKit(newest), await startRemoteBuildKit(stable)]
    const create = (...args: string[]) => newest.docker(['buildx', 'create', '--driver', 'remote', ...args])
    await create('--name', 'far', remotes[0]?.address ?? '')
    await create('--name', 'farm', '--platform', 'linux/amd64', remotes[0]?.address ?? '')
    await create('--name', 'farm', '--append', '--platform', 'linux/arm64', remotes[1]?.address ?? '')
    project = await projectFolder({
      ...plainService,
      Dockerfile: [
        `FROM --platform=$BUILDPLATFORM ${base} AS build`,
        'WORKDIR /app',
        'COPY server.js ./',
        'RUN node -e "console.log(process.arch)" > built-on.txt',
        `FROM ${base}`,
        'WORKDIR /app',
        'RUN uname -m > machine.txt',
        'COPY --from=build /app ./',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
  })
  afterAll(async () => {
    for (const remote of remotes) await remote.stop()
    await newest.stop()
    await stable.stop()
    await registry.stop()
    await project[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const build = (docker: Docker, name: string, ...flags: string[]) =>
    everyarch(
      [
        'build',
        project.path,
        '--tag',
        `${registry.host}/${name}:1`,
        '--push',
        '--no-smoke',
        '--json',
        ...flags,
      ],
      { cwd: folder, env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') } },
    )
  const tagsOf = async (name: string) => {
    const answer = await fetch(`http://${registry.host}/v2/${name}/tags/list`)
    return ((await answer.json()) as { tags?: string[] }).tags ?? []
  }
  const indexOf = async (name: string) =>
    JSON.parse(await inspectRaw(`docker://${registry.host}/${name}:1`)) as {
      manifests: {
        digest: string
        platform: { architecture: string }
        annotations?: Record<string, string>
      }[]
    }

  const cases: [string, () => Docker, string[]][] = [
    ['the engine’s own, plain progress', () => stable, []],
    ['the engine’s own, progress in JSON form', () => newest, []],
    ['a remote one, by digest', () => newest, ['--builder', 'far']],
    ['two nodes, by digest', () => newest, ['--builder', 'farm']],
  ]
  it.each(cases)('%s', async (title, docker, flags) => {
    const name = title.replaceAll(/[^a-z]+/gi, '-').toLowerCase()
    const outcome = await build(docker(), name, ...flags)
    const report = reportOf(outcome)
    expect(report).toMatchObject({ engine: 'buildkit', proved: true, attestations: 2 })
    expect(report.platforms.map(({ platform }) => platform)).toEqual(platforms)
    expect(report.base).toMatchObject({ name: expect.stringContaining('/node:22-slim') as string })
    expect(report.base?.digest).toMatch(/^sha256:/)
    expect(report.platforms[1]?.layers.map(({ holds }) => holds)).toEqual([
      'base',
      'base',
      'WORKDIR /app',
      'RUN uname -m > machine.txt',
      'COPY /app ./',
    ])
    const emulated = report.steps?.filter((step) => step.emulated) ?? []
    expect(emulated.every(({ platform }) => platform === 'linux/arm64')).toBe(true)
    expect(outcome.stderr).toContain('linux/arm64: 1 RUN step run')
    expect(await tagsOf(name)).toEqual(['1'])
    const { manifests } = await indexOf(name)
    const [first] = manifests
    expect(manifests.map(({ platform }) => platform.architecture).sort()).toEqual([
      'amd64',
      'arm64',
      'unknown',
      'unknown',
    ])
    expect(
      manifests.some(({ annotations }) => annotations?.['vnd.docker.reference.digest'] === first?.digest),
    ).toBe(true)
  })

  it('a plan knows nodes, their CPUs and emulators', async () => {
    const planOf = async (env: Record<string, string>, ...flags: string[]) => {
      const outcome = await everyarch(['plan', project.path, '--json', ...flags], { cwd: folder, env })
      const { forecast } = reportOf<{ forecast: Forecast }>(outcome)
      return { forecast, said: outcome.stderr }
    }
    const own = await planOf(stable.env)
    expect(own.forecast.builder).toBe('the builder default (docker)')
    expect(own.forecast.nodes).toMatchObject([{ native: 'linux/amd64' }])
    expect(own.forecast.nodes[0]?.emulated).toContain('linux/arm64')
    expect(own.said).toBe('')
    const farm = await planOf(newest.env, '--builder', 'farm')
    expect(farm.forecast.nodes.map(({ native, assigned }) => [native, assigned])).toEqual([
      ['linux/amd64', ['linux/amd64']],
      ['linux/amd64', ['linux/arm64']],
    ])
    expect(farm.forecast.platforms.map(({ node, emulatedRuns }) => [node, emulatedRuns])).toEqual([
      ['farm0', 0],
      ['farm1', 1],
    ])
    const nowhere = await planOf({ ...stable.env, DOCKER_HOST: `unix://${folder}/none.sock` })
    expect(nowhere.forecast.builder).toMatch(/^this .* machine$/)
    expect(nowhere.said).toContain('this machine is taken for the builder')
    const unknown = await everyarch(['plan', project.path, '--builder', 'nobody'], {
      cwd: folder,
      env: stable.env,
    })
    expect(unknown.exitCode).toBe(2)
  })

  it('nothing stays behind in the cache’s temporary folder', () => {
    const temporary = join(folder, 'cache/tmp')
    expect(existsSync(temporary) ? readdirSync(temporary) : []).toEqual([])
  })

  it('one platform without attestations is an index all the same', async () => {
    const report = reportOf(
      await build(newest, 'lone', '--platform', 'linux/arm64', '--provenance', 'false', '--build-arg', 'X=1'),
    )
    expect(report).toMatchObject({ proved: true, attestations: 0 })
    expect(report.platforms.map(({ platform }) => platform)).toEqual(['linux/arm64'])
    const step = report.steps?.find(({ name }) => name.includes('uname'))
    expect(step).toMatchObject({ platform: 'linux/arm64' })
  })

  it('a target of a bake file, and targets that are none', async () => {
    await project.write({
      'docker-bake.hcl': [
        'variable "VERSION" { default = "1" }',
        'target "app" {',
        `  context = "${project.path}"`,
        `  tags = ["${registry.host}/baked:\${VERSION}"]`,
        '  platforms = ["linux/amd64"]',
        '  labels = { from = "bake" }',
        '}',
        'group "default" { targets = ["app"] }',
        'group "both" { targets = ["app", "linked"] }',
        'target "linked" {',
        `  context = "${project.path}"`,
        '  contexts = { other = "target:app" }',
        '}',
        '',
      ].join('\n'),
    })
    for (const docker of [newest, stable]) {
      const bake = (...args: string[]) =>
        everyarch(
          ['build', '--bake', join(project.path, 'docker-bake.hcl'), '--no-smoke', '--json', ...args],
          {
            cwd: folder,
            env: { ...docker.env, VERSION: '7', EVERYARCH_CACHE_DIR: join(folder, 'cache') },
          },
        )
      const report = reportOf(await bake('--push'))
      expect(report.published.map(({ reference }) => reference)).toEqual([`${registry.host}/baked:7`])
      expect(report.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64'])
      for (const target of ['both', 'linked', 'nothing']) {
        const refused = await bake(target)
        expect(refused.exitCode).toBe(2)
        expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'BAKE_INVALID' } })
      }
    }
  })

  it('caches of platforms that are built apart do not overwrite each other', async () => {
    const flags = ['--builder', 'farm', '--cache-to', `${registry.host}/cache:main`]
    reportOf(await build(newest, 'cached', ...flags))
    expect((await tagsOf('cache')).sort()).toEqual(['main-linux-amd64', 'main-linux-arm64'])
  })
})
