/**
 * One service, examples/thumbnailer, made and pushed for two platforms: through the usual Dockerfile on a real BuildKit, and
 * through everyarch. Same machine, same base image, same loopback registry, in turns. Both sides start each round with empty
 * caches, npm's included; a round then goes on with a change of one source file, and with no change.
 */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import '../../scripts/build.mjs'
import { pushNodeBaseImage } from '../../test/engines/base-image.ts'
import { type Docker, startDocker } from '../../test/engines/docker.ts'
import { ensureQemu } from '../../test/engines/qemu.ts'
import { type Registry, startRegistry } from '../../test/engines/registry.ts'
import { type Command, median, peakMemory, timed } from '../measurement.ts'
import { type LayerSizes, layerSizes } from '../layer-sizes.ts'

const root = resolve(import.meta.dirname, '../..')
const platforms = ['linux/amd64', 'linux/arm64']
const laps = ['cold', 'source change', 'unchanged'] as const
type Lap = (typeof laps)[number]

interface Side {
  name: 'usual' | 'everyarch'
  image: string
  project: string
  command: Command
  /** processes outside of the command that work for it */
  engine: number[]
}

interface Round {
  registry: Registry
  base: string
  sides: Side[]
}

interface Result {
  side: Side['name']
  lap: Lap
  seconds: number
  pushedBytes: number
}

export async function run({ rounds }: { rounds: number }): Promise<string> {
  await ensureQemu(['arm64'])
  const results: Result[] = []
  for (let number = 0; number < rounds; number++) results.push(...(await withRound(number, raceOf)))
  return report(rounds, results, await withRound(0, inspect))
}

/** What one round needs, made anew, so that nothing is warm; the sides take turns at going first. */
async function withRound<T>(number: number, work: (round: Round) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'everyarch-bench-'))
  const registry = await startRegistry()
  const docker = await startDocker()
  try {
    const base = await pushNodeBaseImage(registry)
    const sides = [
      await usualSide(join(folder, 'usual'), docker, registry, base),
      await everyarchSide(join(folder, 'everyarch'), folder, registry, base),
    ]
    return await work({ registry, base, sides: number % 2 === 0 ? sides : sides.reverse() })
  } finally {
    await docker.stop()
    await registry.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function copyProject(project: string): Promise<void> {
  const source = join(root, 'examples/thumbnailer')
  const left = new Set(['node_modules', 'dist', 'everyarch.config.json'].map((name) => join(source, name)))
  await cp(source, project, { recursive: true, filter: (path) => !left.has(path) })
}

async function usualSide(project: string, docker: Docker, registry: Registry, base: string): Promise<Side> {
  await copyProject(project)
  const image = `${registry.host}/usual:1`
  const file = join(root, 'bench/usual.Dockerfile')
  const what = ['--file', file, '--build-arg', `BASE=${base}`, '--platform', platforms.join(), '--tag', image]
  // --push, but without unpacking the result into the engine's own store, which other drivers do not do either
  const push = 'type=image,push=true,unpack=false'
  const args = ['buildx', 'build', '--network', 'host', '--progress', 'plain', ...what, '--output', push, '.']
  const command = { program: 'docker', args, cwd: project, env: { ...process.env, ...docker.env } }
  return { name: 'usual', image, project, command, engine: [docker.pid] }
}

async function everyarchSide(
  project: string,
  folder: string,
  registry: Registry,
  base: string,
): Promise<Side> {
  await copyProject(project)
  const image = `${registry.host}/everyarch:1`
  const what = ['--base', base, '--platform', platforms.join(), '--tag', image]
  const args = [join(root, 'dist/cli.js'), 'build', '.', ...what, '--push']
  const caches = { EVERYARCH_CACHE_DIR: join(folder, 'cache'), npm_config_cache: join(folder, 'npm') }
  const command = { program: process.execPath, args, cwd: project, env: { ...process.env, ...caches } }
  return { name: 'everyarch', image, project, command, engine: [] }
}

async function raceOf({ registry, sides }: Round): Promise<Result[]> {
  const results: Result[] = []
  for (const lap of laps) {
    for (const side of sides) {
      if (lap === 'source change') await changeSource(side.project)
      const before = await registry.storedBytes()
      const { seconds } = await timed(side.command)
      const pushedBytes = (await registry.storedBytes()) - before
      results.push({ side: side.name, lap, seconds, pushedBytes })
      console.error(`${side.name}, ${lap}: ${seconds.toFixed(2)} s`)
    }
  }
  return results
}

async function changeSource(project: string): Promise<void> {
  await appendFile(join(project, 'src/thumbnail.ts'), `\nexport const changedAt = ${Date.now()}\n`)
}

interface Inspection {
  peakBytes: Record<Side['name'], number>
  sizes: Record<Side['name'], LayerSizes>
  /** what the project's own build script takes */
  scriptSeconds: number
}

/** A cold round that is not timed, for what would disturb the clock. */
async function inspect({ sides, base }: Round): Promise<Inspection> {
  const peakBytes = { usual: 0, everyarch: 0 }
  const sizes = { usual: { first: 0, second: 0 }, everyarch: { first: 0, second: 0 } }
  for (const side of sides) {
    peakBytes[side.name] = await peakMemory(side.command, side.engine)
    sizes[side.name] = await layerSizes(side.image, base)
  }
  return { peakBytes, sizes, scriptSeconds: await timeBuildScript(sides[0]?.project ?? '') }
}

async function timeBuildScript(project: string): Promise<number> {
  const npm = (...args: string[]) => timed({ program: 'npm', args, cwd: project, env: process.env })
  await npm('ci')
  const runs = [await npm('run', 'build'), await npm('run', 'build'), await npm('run', 'build')]
  return median(runs.map(({ seconds }) => seconds))
}

function report(rounds: number, results: readonly Result[], inspection: Inspection): string {
  const { peakBytes, sizes, scriptSeconds } = inspection
  const of = (name: Side['name'], lap: Lap) =>
    results.filter((result) => result.side === name && result.lap === lap)
  const seconds = (name: Side['name'], lap: Lap) => median(of(name, lap).map((result) => result.seconds))
  const pushed = (name: Side['name'], lap: Lap) => median(of(name, lap).map((result) => result.pushedBytes))
  const share = (name: Side['name']) => sizes[name].second / sizes[name].first
  const row = (what: string, value: (name: Side['name']) => number, print: (value: number) => string) =>
    `| ${what} | ${print(value('usual'))} | ${print(value('everyarch'))} | ${ratio(value('usual'), value('everyarch'))} |`
  return `## examples/thumbnailer for ${platforms.join(' and ')}, built and pushed

\`bench/usual.Dockerfile\` with \`docker buildx build --push\`, and \`everyarch build --push\`: the same base image and the same
loopback registry, medians of ${rounds} rounds in turns. Each round begins with empty caches on both sides, npm's included.

| | usual Dockerfile | everyarch | ratio |
|---|---|---|---|
${laps.map((lap) => row(`${lap}, time`, (name) => seconds(name, lap), inSeconds)).join('\n')}
${laps.map((lap) => row(`${lap}, pushed`, (name) => pushed(name, lap), inMegabytes)).join('\n')}
${row('first platform, beyond the base', (name) => sizes[name].first, inMegabytes)}
${row('second platform, beyond base and first', (name) => sizes[name].second, inMegabytes)}
${row('second platform, part of the first', share, inPercent)}
${row('peak memory of all processes, build script and engine included, cold', (name) => peakBytes[name], inMegabytes)}

The project's own build script alone takes ${inSeconds(scriptSeconds)}.

All times, in seconds: ${laps.map((lap) => `${lap}: ${allTimes(of('usual', lap))} usual, ${allTimes(of('everyarch', lap))} everyarch`).join('; ')}.
`
}

const inSeconds = (value: number) => `${value.toFixed(2)} s`
const inMegabytes = (value: number) => `${(value / 1e6).toFixed(2)} MB`
const inPercent = (value: number) => `${(value * 100).toFixed(0)} %`
const ratio = (usual: number, ours: number) => (ours === 0 ? '' : `${(usual / ours).toFixed(1)}×`)
const allTimes = (results: readonly Result[]) => results.map((result) => result.seconds.toFixed(2)).join(' ')
