/** Dockerfiles as teams write them: built by a real engine under real QEMU, verified, started, published. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everyarch, reportOf } from '../build/everyarch.ts'
import { plainService, type ProjectFolder, projectFolder } from '../build/project-folder.ts'
import { pushNodeBaseImage } from '../engines/base-image.ts'
import { describeWith } from '../engines/describe-with.ts'
import { type Docker, startDocker } from '../engines/docker.ts'
import { ensureQemu } from '../engines/qemu.ts'
import { type Registry, startRegistry } from '../engines/registry.ts'

const root = join(import.meta.dirname, '../..')
const platforms = ['linux/amd64', 'linux/arm64']

/** A Node-API addon that needs nothing but a C compiler. */
const addon = `
#include <stddef.h>
typedef struct napi_env__* napi_env; typedef struct napi_value__* napi_value;
int napi_create_int32(napi_env, int, napi_value*);
napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  napi_value answer; napi_create_int32(env, 42, &answer); return answer;
}
`
const pnpmLock = `lockfileVersion: '9.0'
settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false
importers:
  .:
    dependencies:
      ms:
        specifier: 2.1.3
        version: 2.1.3
packages:
  ms@2.1.3:
    resolution: {integrity: sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==}
snapshots:
  ms@2.1.3: {}
`

describeWith(['docker', 'qemu', 'registry', 'base-image'], 'Dockerfiles of teams', () => {
  let folder: string
  let registry: Registry
  let docker: Docker
  let base: string
  beforeAll(async () => {
    await ensureQemu(['arm64'])
    folder = await mkdtemp(join(tmpdir(), 'everyarch-teams-'))
    registry = await startRegistry()
    base = await pushNodeBaseImage(registry)
    docker = await startDocker({ buildx: 'newest' })
  })
  afterAll(async () => {
    await docker.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const build = async (project: ProjectFolder, name: string, ...flags: string[]) => {
    const network = ['--network', 'host', '--allow', 'network.host']
    const what = ['--tag', `${registry.host}/${name}:1`, '--push', '--build-arg', `BASE=${base}`, '--json']
    const outcome = await everyarch(['build', project.path, ...what, ...network, ...flags], {
      cwd: folder,
      env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') },
    })
    const report = reportOf(outcome)
    expect(report).toMatchObject({ engine: 'buildkit', proved: true })
    expect(report.platforms.map(({ platform }) => platform)).toEqual(platforms)
    const tags = await fetch(`http://${registry.host}/v2/${name}/tags/list`)
    expect(await tags.json()).toMatchObject({ tags: ['1'] })
    return { report, stderr: outcome.stderr }
  }

  it('the usual one: base, deps, build with tsc, slim production with tini', async () => {
    await using project = await projectFolder({})
    await cp(join(root, 'examples/thumbnailer'), project.path, {
      recursive: true,
      filter: (path) => !/node_modules|\/dist|everyarch\.config/.test(path.slice(root.length)),
    })
    const usual = await readFile(join(root, 'bench/usual.Dockerfile'), 'utf8')
    await project.write({
      '.dockerignore': 'node_modules\ndist\nDockerfile\n',
      Dockerfile: usual.replace('npm ci --omit=dev', 'npm ci --omit=dev --ignore-scripts && npm rebuild'),
    })
    const { report, stderr } = await build(project, 'usual', '--smoke-http', '3000/healthz')
    expect(report.tested).toEqual(platforms)
    expect(stderr).toContain('(emulated)')
    const emulated = report.steps?.filter((step) => step.emulated) ?? []
    expect(emulated.length).toBeGreaterThanOrEqual(4)
    expect(emulated.every(({ platform }) => platform === 'linux/arm64')).toBe(true)
  }, 1_500_000)

  it('one that chooses stages by TARGETARCH', async () => {
    await using project = await projectFolder({
      ...plainService,
      Dockerfile: [
        'ARG BASE',
        'FROM ${BASE} AS common',
        'WORKDIR /app',
        'COPY . .',
        'FROM common AS for-amd64',
        'ENV FLAVOUR=server',
        'FROM common AS for-arm64',
        'ENV FLAVOUR=edge',
        'FROM for-${TARGETARCH}',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
    const { stderr } = await build(project, 'by-architecture', '--no-smoke')
    expect(stderr).not.toContain('under emulation')
    const image = (architecture: string) =>
      docker.docker([
        'run',
        '--rm',
        '--platform',
        `linux/${architecture}`,
        `${registry.host}/by-architecture:1`,
        'printenv',
        'FLAVOUR',
      ])
    expect((await image('amd64')).trim()).toBe('server')
  })

  it('one with pnpm', async () => {
    await using project = await projectFolder({
      'package.json': JSON.stringify({
        name: 'with-pnpm',
        version: '1.0.0',
        scripts: { start: 'node server.js' },
        dependencies: { ms: '2.1.3' },
      }),
      'pnpm-lock.yaml': pnpmLock,
      'server.js': `console.log(require('ms')(60000))\n`,
      Dockerfile: [
        'ARG BASE',
        'FROM ${BASE} AS base',
        'RUN npm install --global --no-fund --no-audit pnpm@9',
        'WORKDIR /app',
        'FROM base AS deps',
        'COPY package.json pnpm-lock.yaml ./',
        'RUN --mount=type=cache,id=pnpm,target=/pnpm pnpm install --frozen-lockfile --prod --store-dir /pnpm',
        'FROM ${BASE}',
        'WORKDIR /app',
        'COPY --from=deps /app/node_modules ./node_modules',
        'COPY package.json server.js ./',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
    const { report } = await build(project, 'with-pnpm', '--no-smoke')
    expect(report.untested).toEqual(platforms)
  })

  it('one that compiles a native addon for each platform', async () => {
    await using project = await projectFolder({
      'package.json': JSON.stringify({
        name: 'with-addon',
        version: '1.0.0',
        main: 'server.js',
        scripts: {
          start: 'node server.js',
          install: 'mkdir -p build/Release && gcc -shared -fPIC -o build/Release/answer.node answer.c',
        },
      }),
      'package-lock.json': JSON.stringify({
        name: 'with-addon',
        version: '1.0.0',
        lockfileVersion: 3,
        requires: true,
        packages: { '': { name: 'with-addon', version: '1.0.0', hasInstallScript: true } },
      }),
      'answer.c': addon,
      'server.js': `console.log(require('./build/Release/answer.node'))\n`,
      Dockerfile: [
        'ARG BASE',
        'FROM ${BASE} AS build',
        'RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev',
        'WORKDIR /app',
        'COPY package.json package-lock.json answer.c ./',
        'RUN npm ci',
        'FROM ${BASE}',
        'WORKDIR /app',
        'COPY --from=build /app/build ./build',
        'COPY package.json server.js ./',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
    const { report } = await build(project, 'with-addon')
    expect(report.tested).toEqual(platforms)
  })

  it('an addon of the wrong platform stays behind the gate, and no tag moves', async () => {
    await using project = await projectFolder({
      ...plainService,
      'answer.c': addon,
      Dockerfile: [
        'ARG BASE',
        'FROM --platform=$BUILDPLATFORM ${BASE} AS build',
        'WORKDIR /app',
        // What a careless COPY of a native stage brings along: a program of the build platform.
        'RUN mkdir -p build/Release && cp /usr/local/bin/node build/Release/answer.node',
        'FROM ${BASE}',
        'WORKDIR /app',
        'COPY --from=build /app ./',
        'COPY package.json server.js ./',
        'CMD ["node", "server.js"]',
        '',
      ].join('\n'),
    })
    const outcome = await everyarch(
      ['build', project.path, '--tag', `${registry.host}/wrong:1`, '--push', '--build-arg', `BASE=${base}`],
      { cwd: folder, env: { ...docker.env, EVERYARCH_CACHE_DIR: join(folder, 'cache') } },
    )
    expect(outcome.exitCode).toBe(1)
    expect(outcome.stderr).toContain('image/wrong-architecture')
    expect(outcome.stderr).toContain('gate closed')
    expect((await fetch(`http://${registry.host}/v2/wrong/tags/list`)).status).toBe(404)
  })
})
