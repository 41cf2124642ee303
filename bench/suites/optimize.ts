/**
 * Three services on one builder: their usual Dockerfile, and what `everyarch optimize` makes of it. Same machine, same base image,
 * same engine, in turns; every round begins with an empty build cache, and goes on with a change of one source file. The images of
 * the last round are compared file by file.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { compareImages } from '../../src/compare/index.ts'
import { parseImageLocation } from '../../src/oci/index.ts'
import { optimizeDockerfile, readOptimizeProject } from '../../src/optimize/index.ts'
import { openReader, openStores, storeSettingsFrom } from '../../src/store/index.ts'
import { pushNodeBaseImage } from '../../test/engines/base-image.ts'
import { type Docker, startDocker } from '../../test/engines/docker.ts'
import { ensureQemu } from '../../test/engines/qemu.ts'
import { startRegistry } from '../../test/engines/registry.ts'
import { run as runProgram } from '../../test/engines/run.ts'
import { packAddon } from '../../test/buildkit/compiled-addon.ts'
import { median, timed } from '../measurement.ts'

const { signal } = new AbortController()
const root = resolve(import.meta.dirname, '../..')
const platforms = ['linux/amd64', 'linux/arm64']
const services = ['pure JavaScript', 'sharp', 'compiled addon'] as const
type Service = (typeof services)[number]
const sides = ['usual', 'optimized', 'with packages'] as const
type Side = (typeof sides)[number]
const laps = ['cold', 'source change'] as const
type Lap = (typeof laps)[number]

interface Result {
  service: Service
  side: Side
  lap: Lap
  seconds: number
}

interface Project {
  service: Service
  folder: string
  texts: Record<Side, string>
}

export async function run({ rounds }: { rounds: number }): Promise<string> {
  await ensureQemu(['arm64'])
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-'))
  const registry = await startRegistry()
  try {
    const base = await pushNodeBaseImage(registry)
    const projects: Project[] = []
    for (const service of services)
      projects.push(await makeProject(join(folder, service.replaceAll(' ', '-')), service, base))
    const results: Result[] = []
    for (let round = 0; round < rounds; round++) {
      for (const project of projects) {
        for (const side of round % 2 === 0 ? sides : [...sides].reverse())
          results.push(...(await race(project, side, round)))
      }
    }
    return report(rounds, results, await comparisons(projects))
  } finally {
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

const dockerfile = (base: string, compiler: string) => `FROM ${base} AS base
WORKDIR /app

FROM base AS deps
${compiler}COPY package.json package-lock.json *.tgz ./
RUN npm ci --omit=dev

FROM base AS build
COPY package.json package-lock.json *.tgz ./
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM base AS production
RUN apt-get update \\
  && apt-get install --yes --no-install-recommends tini \\
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
COPY package.json ./
COPY --from=deps /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
USER node
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "dist/server.js"]
`

const dependencies: Record<Service, Record<string, string>> = {
  'pure JavaScript': { express: '^5.1.0', pino: '^10.0.0' },
  sharp: { express: '^5.1.0', pino: '^10.0.0', sharp: '^0.34.5' },
  'compiled addon': { express: '^5.1.0', pino: '^10.0.0', adder: 'file:adder-1.0.0.tgz' },
}

async function makeProject(folder: string, service: Service, base: string): Promise<Project> {
  await mkdir(join(folder, 'src'), { recursive: true })
  const manifest = {
    name: 'service',
    private: true,
    type: 'module',
    scripts: { build: 'tsc' },
    dependencies: dependencies[service],
    devDependencies: { typescript: '^5.9.3', '@types/node': '^22.19.0', '@types/express': '^5.0.5' },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await cp(join(root, 'examples/thumbnailer/tsconfig.json'), join(folder, 'tsconfig.json'))
  await writeFile(join(folder, '.dockerignore'), '**/node_modules\n*.Dockerfile\n')
  await packAddon(folder)
  await runProgram('npm', ['install', '--package-lock-only', '--ignore-scripts'], { cwd: folder })
  const compiler =
    service === 'compiled addon'
      ? 'RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev\n'
      : ''
  const usual = dockerfile(base, compiler)
  const project = await readOptimizeProject(folder, join(folder, 'Dockerfile'), { signal })
  const of = (level: 'code' | 'packages') => optimizeDockerfile(usual, { platforms, level, project }).text
  return { service, folder, texts: { usual, optimized: of('code'), 'with packages': of('packages') } }
}

/** A cold build on a new engine, and another after a change of one source file; the sources are the same on every side. */
async function race({ service, folder, texts }: Project, side: Side, round: number): Promise<Result[]> {
  const docker = await startDocker()
  const results: Result[] = []
  try {
    for (const lap of laps) {
      const source = `import express from 'express'\nexpress().listen(3000)\nexport const state = '${round} ${lap}'\n`
      await writeFile(join(folder, 'src/server.ts'), source)
      const seconds = await build(docker, folder, texts[side], archiveOf(folder, side))
      results.push({ service, side, lap, seconds })
      console.error(`${service}, ${side}, ${lap}: ${seconds.toFixed(1)} s`)
    }
  } finally {
    await docker.stop()
  }
  return results
}

async function build(docker: Docker, folder: string, text: string, archive: string): Promise<number> {
  const file = join(folder, 'bench.Dockerfile')
  await writeFile(file, text)
  const what = ['--file', file, '--platform', platforms.join(), '--network', 'host', '--provenance=false']
  const args = [
    'buildx',
    'build',
    ...what,
    '--progress',
    'plain',
    '--output',
    `type=oci,dest=${archive}`,
    '.',
  ]
  const { seconds } = await timed({
    program: 'docker',
    args,
    cwd: folder,
    env: { ...process.env, ...docker.env },
  })
  return seconds
}

function archiveOf(folder: string, side: Side): string {
  return `${folder}-${side.replaceAll(' ', '-')}.tar`
}

/** The images of one state of the sources, compared with the usual one's. */
async function comparisons(projects: readonly Project[]): Promise<string[]> {
  const stores = openStores(storeSettingsFrom(process.env, homedir()))
  const lines: string[] = []
  try {
    for (const { service, folder } of projects) {
      for (const side of sides.slice(1)) {
        const open = (name: Side) =>
          openReader(parseImageLocation(`oci-archive:${archiveOf(folder, name)}`), stores, { signal })
        const [a, b] = [await open('usual'), await open(side)]
        const { same, platforms: compared } = await compareImages(a, b, { signal })
        await a.close()
        await b.close()
        const found = compared.flatMap(({ differences }) => differences.map(({ path }) => path))
        const verdict = same ? 'the same files' : `DIFFERENT: ${found.slice(0, 5).join(', ')}`
        lines.push(`${service}, ${side}: ${verdict}`)
      }
    }
  } finally {
    await stores.close()
  }
  return lines
}

function report(rounds: number, results: readonly Result[], compared: readonly string[]): string {
  const of = (service: Service, side: Side, lap: Lap) =>
    results
      .filter((result) => result.service === service && result.side === side && result.lap === lap)
      .map(({ seconds }) => seconds)
  const rows = services.flatMap((service) =>
    laps.map((lap) => {
      const [usual, ...others] = sides.map((side) => median(of(service, side, lap)))
      const cells = others.map(
        (seconds) => `${seconds.toFixed(1)} s (${((usual ?? 0) / seconds).toFixed(1)}×)`,
      )
      return `| ${service}, ${lap} | ${(usual ?? 0).toFixed(1)} s | ${cells.join(' | ')} |`
    }),
  )
  const all = services.flatMap((service) =>
    laps.map(
      (lap) =>
        `${service}, ${lap}: ${sides
          .map(
            (side) =>
              `${side} ${of(service, side, lap)
                .map((s) => s.toFixed(1))
                .join(' ')}`,
          )
          .join('; ')}`,
    ),
  )
  return `## Usual and optimized Dockerfiles of three services, for ${platforms.join(' and ')}

On one real BuildKit with QEMU, medians of ${rounds} rounds in turns; each begins with an empty build cache.

| | usual | everyarch optimize | with --level packages |
|---|---|---|---|
${rows.join('\n')}

The images compared with the usual one's, file by file:

${compared.map((line) => `- ${line}`).join('\n')}

All times, in seconds: ${all.join(' · ')}
`
}
