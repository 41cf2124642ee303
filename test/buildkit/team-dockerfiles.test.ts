/**
 * Dockerfiles as teams write them, built by a real engine under real QEMU: each as it is and as `--optimize` rewrites it. The two
 * images are compared file by file, the rewritten one is verified, started where that says something, and published.
 */
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { plainService, type ProjectFolder, projectFolder } from '../build/project-folder.ts'
import { describeWith } from '../engines/describe-with.ts'
import type { Docker } from '../engines/docker.ts'
import { openDockerfileWorkshop } from '../engines/dockerfile-workshop.ts'
import type { Registry } from '../engines/registry.ts'
import { run } from '../engines/run.ts'
import { inspectConfig } from '../engines/skopeo.ts'
import { packAddon } from './compiled-addon.ts'

const example = join(import.meta.dirname, '../../examples/thumbnailer')
const fixtures = join(import.meta.dirname, 'fixtures')
const platforms = ['linux/amd64', 'linux/arm64']

// Emulated installs take minutes on a machine that does other things too.
vi.setConfig({ testTimeout: 1_800_000 })

describeWith(['docker', 'qemu', 'registry', 'base-image', 'skopeo'], 'Dockerfiles of teams', () => {
  let folder: string
  let close: () => Promise<void>
  let registry: Registry
  let docker: Docker
  let base: string
  beforeAll(async () => {
    ;({ folder, registry, docker, base, close } = await openDockerfileWorkshop('teams', { buildx: 'newest' }))
  })
  afterAll(() => close())

  const build = (project: ProjectFolder, name: string, ...flags: string[]) =>
    everyarch(
      [
        'build',
        project.path,
        '--tag',
        `${registry.host}/${name}:1`,
        '--push',
        '--json',
        '--network',
        'host',
        '--allow',
        'network.host',
        ...flags,
      ],
      { cwd: folder, env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') } },
    )

  /** Builds with the rewrite; it has so many changes, gives the same image, and the image is published. */
  const optimized = async (project: ProjectFolder, name: string, changes: number, ...flags: string[]) => {
    const outcome = await build(project, name, ...flags)
    const report = reportOf(outcome)
    expect(report).toMatchObject({ engine: 'buildkit', proved: true, optimized: { changes, proof: 'now' } })
    expect(report.platforms.map(({ platform }) => platform)).toEqual(platforms)
    const tags = await fetch(`http://${registry.host}/v2/${name}/tags/list`)
    expect(await tags.json()).toMatchObject({ tags: ['1'] })
    const emulated = report.steps?.filter((step) => step.emulated).map((step) => step.name) ?? []
    return { report, stderr: outcome.stderr, emulated }
  }

  /** A project with the fixture of this name as its Dockerfile. */
  async function projectWith(name: string, files: Record<string, string> = {}): Promise<ProjectFolder> {
    const text = await readFile(join(fixtures, `${name}.Dockerfile`), 'utf8')
    return projectFolder({
      '.dockerignore': '**/node_modules\ndist\nDockerfile\n',
      Dockerfile: text.replaceAll('node:22-slim', base),
      ...files,
    })
  }

  async function thumbnailer(name: string): Promise<ProjectFolder> {
    const project = await projectWith(name)
    for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'src'])
      await cp(join(example, path), join(project.path, path), { recursive: true })
    return project
  }

  it('the usual one: base, deps, build with tsc, slim production with tini', async () => {
    await using project = await thumbnailer('team')
    const asIs = await build(project, 'usual-as-is', '--no-smoke')
    const steps = reportOf(asIs).steps?.filter((step) => step.emulated) ?? []
    expect(steps.length).toBeGreaterThanOrEqual(4)
    expect(steps.every(({ platform }) => platform === 'linux/arm64')).toBe(true)
    expect(asIs.stderr).toContain('(emulated)')
    const smoke = ['--smoke-http', '3000/healthz']
    const { report, emulated } = await optimized(project, 'usual', 4, '--optimize=packages', ...smoke)
    expect(report.tested).toEqual(platforms)
    expect(emulated).toEqual([])
  })

  it('one that chooses stages by TARGETARCH', async () => {
    await using project = await thumbnailer('selecting')
    await optimized(project, 'by-architecture', 2, '--optimize', '--no-smoke')
    for (const [architecture, flavour] of [
      ['amd64', 'x86'],
      ['arm64', 'arm'],
    ] as const) {
      const { config } = await inspectConfig(`${registry.host}/by-architecture:1`, architecture)
      expect(config.Env).toContain(`FLAVOUR=${flavour}`)
    }
  })

  const managers: [string, string, string[]][] = [
    ['pnpm', 'pnpm@10.34.9', ['pnpm', 'install', '--lockfile-only']],
    ['yarn', '@yarnpkg/cli-dist@4.18.1', ['yarn', 'install', '--mode=update-lockfile']],
    ['bun', 'bun@1.3.9', ['bun', 'install', '--lockfile-only']],
  ]
  it.each(managers)('one with %s', async (name, packageName, lock) => {
    const registryOfNpm = (await run('npm', ['config', 'get', 'registry'])).trim().replace(/\/$/, '')
    const yarnSettings = [
      'nodeLinker: node-modules',
      'enableTelemetry: false',
      `npmRegistryServer: ${registryOfNpm}`,
    ]
    await using project = await projectWith(name, {
      'package.json': JSON.stringify({
        name: 'shop',
        private: true,
        packageManager: `${name}@${packageName.split('@').at(-1)}`,
        scripts: { build: 'mkdir -p dist && cp src/server.js dist/' },
        dependencies: { sharp: '0.34.5' },
        devDependencies: { 'is-odd': '3.0.1' },
      }),
      'src/server.js': 'require("sharp")\n',
      '.yarnrc.yml': `${yarnSettings.join('\n')}\n`,
    })
    await run('npm', ['exec', '--yes', `--package=${packageName}`, '--', ...lock], { cwd: project.path })
    const { report } = await optimized(project, `with-${name}`, 2, '--optimize', '--no-smoke')
    expect(report.untested).toEqual(platforms)
  })

  it('one that compiles a native addon for each platform', async () => {
    await using project = await projectWith('addon', {
      'package.json': JSON.stringify({
        name: 'shop',
        private: true,
        main: 'server.js',
        dependencies: { adder: 'file:adder-1.0.0.tgz', 'is-odd': '3.0.1' },
      }),
      'server.js': 'console.log(require("adder"))\n',
    })
    await packAddon(project.path)
    await run('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: project.path })
    const { report, emulated } = await optimized(project, 'with-addon', 2, '--optimize=packages')
    expect(report.tested).toEqual(platforms)
    expect(emulated).toEqual([expect.stringContaining('npm rebuild adder')])
  })

  it('an addon of the wrong platform stays behind the gate, and no tag moves', async () => {
    await using project = await projectFolder({
      ...plainService,
      Dockerfile: [
        `FROM --platform=$BUILDPLATFORM ${base} AS build`,
        'WORKDIR /app',
        // What a careless COPY of a native stage brings along: a program of the build platform.
        'RUN mkdir -p build/Release && cp /usr/local/bin/node build/Release/answer.node',
        `FROM ${base}`,
        'WORKDIR /app',
        'COPY --from=build /app ./',
        'COPY package.json server.js ./',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
    const outcome = await build(project, 'wrong')
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toContain('image/wrong-architecture')
    expect(outcome.stderr).toContain('gate closed')
    expect((await fetch(`http://${registry.host}/v2/wrong/tags/list`)).status).toBe(404)
  })
})
