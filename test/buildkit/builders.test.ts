/** Builders of every kind that can be had here: the engine's own, a remote one, one of two nodes; old buildx and new. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Forecast } from '../../src/forecast/index.ts'
import { buildImage, type BuildReport } from '../../src/index.ts'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { type ProjectFolder, plainService, projectFolder } from '../build/project-folder.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { buildkitImage, makeBuildkitImage } from '../engines/buildkit-container.ts'
import { type RemoteBuildKit, startRemoteBuildKit } from '../engines/buildkit-remote.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { startGhaCache } from '../engines/gha-cache.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'
import { inspectConfig, inspectRaw } from '../engines/skopeo.ts'

const platforms = ['linux/amd64', 'linux/arm64']

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'builders', () => {
  let folder: string
  let registry: Registry
  let newest: Docker
  let stable: Docker
  let remotes: RemoteBuildKit[]
  let project: ProjectFolder
  let base: string

  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-builders-'))
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    newest = await startDocker({ buildx: 'newest' })
    stable = await startDocker()
    remotes = [await startRemoteBuildKit(newest), await startRemoteBuildKit(stable)]
    const create = (...args: string[]) => newest.docker(['buildx', 'create', '--driver', 'remote', ...args])
    await create('--name', 'far', remotes[0]?.address ?? '')
    await create('--name', 'farm', '--platform', 'linux/amd64', remotes[0]?.address ?? '')
    await create('--name', 'farm', '--append', '--platform', 'linux/arm64', remotes[1]?.address ?? '')
    for (const [index, docker] of [newest, stable].entries())
      await makeBuildkitImage(docker, { base, address: remotes[index]?.address ?? '' })
    const contain = (...args: string[]) => {
      const driver = ['--driver', 'docker-container', '--driver-opt', `network=host,image=${buildkitImage}`]
      return newest.docker(['buildx', 'create', ...driver, ...args])
    }
    await contain('--name', 'contained')
    await contain('--name', 'containers', '--platform', 'linux/amd64', newest.host)
    await contain('--name', 'containers', '--append', '--platform', 'linux/arm64', stable.host)
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
    ['a container', () => newest, ['--builder', 'contained']],
    // One platform at a time goes into a layout: buildx attests nothing of its own accord there.
    ['two containers', () => newest, ['--builder', 'containers', '--provenance', 'mode=min']],
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

  it('the library builds a Dockerfile on the builder it is given', async () => {
    const report = await buildImage(project.path, {
      dockerfile: { builder: 'far', buildArgs: ['X=1'], provenance: 'false' },
      env: { ...process.env, ...newest.env },
      cacheFolder: join(folder, 'cache'),
      tags: [`${registry.host}/library:1`],
      push: true,
      smoke: false,
    })
    expect(report).toMatchObject({ engine: 'buildkit', proved: true, attestations: 0 })
    expect(report.published.map(({ reference }) => reference)).toEqual([`${registry.host}/library:1`])
  })

  it('an SBOM and provenance that were asked for stay attached', async () => {
    const scanner = `${registry.host}/scanner:1`
    const statement = {
      _type: 'https://in-toto.io/Statement/v0.1',
      predicateType: 'https://spdx.dev/Document',
      predicate: { spdxVersion: 'SPDX-2.3', name: 'everything' },
    }
    await project.write({
      scan: `#!/bin/sh\necho '${JSON.stringify(statement)}' > "$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json"\n`,
      'scanner.Dockerfile': `FROM ${base}\nCOPY --chmod=755 scan /\nCMD ["/scan"]\n`,
    })
    const file = join(project.path, 'scanner.Dockerfile')
    await newest.docker(['buildx', 'build', '-f', file, '--push', '-t', scanner, project.path])
    for (const builder of ['default', 'far', 'containers']) {
      const name = `attested-${builder}`
      const asked = ['--sbom', `generator=${scanner}`, '--provenance', 'mode=max', '--builder', builder]
      expect(reportOf(await build(newest, name, ...asked))).toMatchObject({ proved: true, attestations: 2 })
      const { manifests } = await indexOf(name)
      const attached = manifests.filter(({ annotations }) => annotations?.['vnd.docker.reference.digest'])
      expect(attached).toHaveLength(2)
      for (const { digest } of attached) {
        const { layers } = JSON.parse(await inspectRaw(`docker://${registry.host}/${name}@${digest}`)) as {
          layers: { annotations: Record<string, string> }[]
        }
        const kinds = layers.map(({ annotations }) => annotations['in-toto.io/predicate-type'])
        expect(kinds).toHaveLength(2)
        expect(kinds).toContain('https://spdx.dev/Document')
        expect(kinds).toContainEqual(expect.stringContaining('slsa.dev/provenance'))
      }
    }
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

  const bakeFile = () =>
    [
      'variable "VERSION" { default = "1" }',
      'function "image" {',
      '  params = [name]',
      `  result = "${registry.host}/baked-\${name}:\${VERSION}"`,
      '}',
      'group "default" { targets = ["all", "web"] }',
      'group "all" { targets = ["api"] }',
      'target "_common" {',
      `  context = "${project.path}"`,
      '  platforms = ["linux/amd64", "linux/arm64"]',
      '  labels = { from = "bake" }',
      '}',
      'target "files" {',
      `  context = "${project.path}"`,
      `  dockerfile-inline = "FROM ${base}\\nWORKDIR /app\\nCOPY server.js ./"`,
      '}',
      'target "api" {',
      '  name = "api-${size}"',
      '  matrix = { size = ["big", "small"] }',
      '  inherits = ["_common"]',
      '  args = { SIZE = size }',
      '  contexts = { files = "target:files" }',
      '  dockerfile-inline = "FROM files\\nARG SIZE\\nENV SIZE=$SIZE\\nCMD [\\"node\\", \\"server.js\\"]"',
      '  tags = [image("api-${size}")]',
      '  ulimits = ["nofile=1024:1024"]',
      '}',
      'target "web" {',
      '  inherits = ["_common"]',
      `  dockerfile-inline = "FROM ${base}\\nCOPY server.js /"`,
      '  tags = [image("web")]',
      '  output = ["type=registry"]',
      '}',
      'target "broken" {',
      '  inherits = ["_common"]',
      `  dockerfile-inline = "FROM ${base}\\nCOPY addon.node /"`,
      '  tags = [image("broken")]',
      '}',
      '',
    ].join('\n')

  it('groups, matrices, functions and linked targets of a bake file: all are proved before a tag moves', async () => {
    const foreign = Buffer.alloc(64)
    foreign.write('\u007fELF\u0002\u0001\u0001', 'latin1')
    foreign.writeUInt16LE(3, 16)
    foreign.writeUInt16LE(0xf3, 18)
    foreign.writeUInt32LE(1, 20)
    foreign.writeUInt16LE(64, 52)
    await writeFile(join(project.path, 'addon.node'), foreign)
    await project.write({ 'docker-bake.hcl': bakeFile() })
    for (const [version, docker] of [
      ['7', newest],
      ['8', stable],
    ] as const) {
      const bake = (...args: string[]) =>
        everyarch(
          ['build', '--bake', join(project.path, 'docker-bake.hcl'), '--no-smoke', '--json', ...args],
          {
            cwd: folder,
            env: { ...docker.env, VERSION: version, EVERYARCH_CACHE_DIR: join(folder, 'cache') },
          },
        )
      if (docker === stable) {
        // What the older version prints is read as well.
        const { targets } = reportOf<{ targets: Record<string, BuildReport> }>(await bake('api', '--push'))
        expect(Object.keys(targets)).toEqual(['api-big', 'api-small'])
        continue
      }
      const closed = await bake('api-small', 'broken', '--push')
      expect(closed.stderr).toContain('broken not proved')
      expect(closed.exitCode).toBe(1)
      for (const name of ['api-small', 'broken']) expect(await tagsOf(`baked-${name}`)).not.toContain(version)

      const metadata = join(folder, 'metadata.json')
      const outcome = await bake('--push', '--metadata-file', metadata)
      const { proved, targets } = reportOf<{ proved: boolean; targets: Record<string, BuildReport> }>(outcome)
      expect(proved).toBe(true)
      expect(Object.keys(targets)).toEqual(['api-big', 'api-small', 'web'])
      expect(outcome.stderr).toContain('output of the target web is not used')
      for (const [name, report] of Object.entries(targets)) {
        expect(report.published.map(({ reference }) => reference)).toEqual([
          `${registry.host}/baked-${name}:${version}`,
        ])
        expect(report.platforms.map(({ platform }) => platform)).toEqual(platforms)
      }
      const { config } = await inspectConfig(`${registry.host}/baked-api-small:${version}`, 'arm64')
      expect(config).toMatchObject({ Labels: { from: 'bake' }, WorkingDir: '/app' })
      expect(config.Env).toContain('SIZE=small')
      expect(Object.keys(JSON.parse(await readFile(metadata, 'utf8')) as object)).toEqual(
        Object.keys(targets),
      )

      const lone = reportOf(await bake('web', '--platform', 'linux/amd64'))
      expect(lone.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64'])
      for (const [args, code] of [
        [['nothing'], 'BAKE_INVALID'],
        [['--tag', 'a/b'], 'INVALID_FLAG'],
      ] as const) {
        const refused = await bake(...args)
        expect(refused.exitCode).toBe(2)
        expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code } })
      }
    }
  })

  it('caches of platforms that are built apart do not overwrite each other', async () => {
    const flags = ['--builder', 'farm', '--cache-to', `${registry.host}/cache:main`]
    reportOf(await build(newest, 'cached', ...flags))
    expect((await tagsOf('cache')).sort()).toEqual(['main-linux-amd64', 'main-linux-arm64'])
  })

  it('a gha cache keeps the platforms apart, and another machine reads it', async () => {
    const service = await startGhaCache()
    const fresh = await startDocker({ buildx: 'newest' })
    try {
      const written = { ...newest, env: { ...newest.env, ...service.env } }
      reportOf(await build(written, 'gha', '--builder', 'farm', '--cache-to', 'type=gha,ignore-error=false'))
      for (const platform of ['amd64', 'arm64'])
        expect(service.keys().some((key) => key.includes(`buildkit-linux-${platform}`))).toBe(true)
      const read = { ...fresh, env: { ...fresh.env, ...service.env } }
      const flags = ['--platform', 'linux/arm64', '--cache-from', 'type=gha,scope=buildkit-linux-arm64']
      const { steps } = reportOf(await build(read, 'gha-read', ...flags))
      expect(steps?.find(({ name }) => name.includes('uname'))).toMatchObject({ cached: true })
    } finally {
      await fresh.stop()
      await service.stop()
    }
  })
})
