/** Which engine builds a project, asked of the project, the flags and the builder; and that engine, ready to build. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CodedError, codeOf } from '../../base/index.ts'
import {
  buildxFeatures,
  type BuildkitRequest,
  type DockerCommand,
  type DockerfileSource,
  inspectBuilder,
  type ReadyBuilder,
} from '../../engines/buildkit/index.ts'
import { formatPlatform, type Platform, type Reference } from '../../oci/index.ts'
import { optimizeDockerfile, readOptimizeProject } from '../../optimize/index.ts'
import {
  buildkitEngine,
  chooseEngine,
  directEngine,
  type Engine,
  type EngineFacts,
  type OpenTools,
  type Optimization,
  optimizedEngine,
  sourceDateEpoch,
} from '../../pipeline/index.ts'
import { type Project, targetPlatforms } from '../../project/index.ts'
import type { BuildFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { writtenPlaces } from './destinations.ts'
import { buildxOptions, refuseForeignFlags, unusedConfiguration } from './buildkit-flags.ts'

export interface EngineSettings {
  project: Project
  flags: BuildFlags
  tools: OpenTools
  /** the repository that the image goes to at the end, when it goes to one only */
  repository?: Reference
  /** other platforms of the image are built elsewhere */
  partial: boolean
}

/** Says what was chosen as the first line of progress. Throws what `chooseEngine` throws, and `INVALID_FLAG`. */
export async function openEngine(settings: EngineSettings, context: CommandContext): Promise<Engine> {
  const { project, flags, tools } = settings
  const { signal } = context
  const platforms = targetPlatforms(project.configuration)
  const file = dockerfileOf(project, flags, context)
  const name = file && relative(project.root, file)
  const docker: DockerCommand = { env: context.env, cwd: context.cwd }
  const ready =
    file === undefined || flags.engine === 'direct' ? undefined : await askBuilder(docker, flags, signal)
  const facts: EngineFacts = {
    wanted: flags.engine,
    platforms,
    ...(name === undefined ? {} : { dockerfile: name }),
    ...(ready === undefined ? {} : { builder: ready instanceof CodedError ? ready : ready.builder }),
  }
  const { engine, text } = chooseEngine(facts)
  refuseForeignFlags(engine, flags)
  tools.progress({ type: 'decision', topic: 'engine', text })
  if (engine === 'direct') {
    const reuse = flags.cache ?? true
    const mtime = sourceDateEpoch(context.env)
    return directEngine({ project, reuse, mtime, written: writtenPlaces(flags, context.cwd) }, tools)
  }
  warnUnused(project, tools)
  const source = await readDockerfile(project.root, file as string)
  const request = buildkitRequest(settings, platforms, source)
  const ways = [ready as ReadyBuilder, { ...tools, docker }] as const
  if (flags.optimize === undefined) return buildkitEngine(request, ...ways)
  return optimizedEngine(request, await optimization(request, flags, tools, signal), ...ways)
}

/** The rewrite of the request's Dockerfile, told change by change. */
async function optimization(
  { source, platforms, options }: BuildkitRequest,
  { optimize, cache }: BuildFlags,
  { progress }: OpenTools,
  signal: AbortSignal,
): Promise<Optimization> {
  const project = await readOptimizeProject(source.context, source.file, { signal })
  const given = (options.buildArgs ?? []).map((text) => text.split('='))
  const rewritten = optimizeDockerfile(source.text, {
    file: source.name,
    platforms: platforms.map(formatPlatform),
    level: optimize === 'packages' ? 'packages' : 'code',
    buildArgs: Object.fromEntries(given.map(([name = '', ...value]) => [name, value.join('=')])),
    contexts: (options.buildContexts ?? []).map((text) => text.split('=')[0] as string),
    project,
    ...(options.target === undefined ? {} : { targetStage: options.target }),
  })
  const said = (text: string) => progress({ type: 'decision', topic: 'optimize', text })
  if (rewritten.changes.length === 0) said('nothing to rewrite')
  for (const { source: place, what, why } of rewritten.changes)
    said(`${place.file}:${place.line} ${what}: ${why}`)
  return { rewritten, project, reuse: cache ?? true }
}

function buildkitRequest(
  { project, flags, repository, partial }: EngineSettings,
  platforms: readonly Platform[],
  source: DockerfileSource,
): BuildkitRequest {
  return {
    source,
    platforms,
    options: buildxOptions(flags, project.configuration),
    partial,
    ...(repository ? { repository } : {}),
    ...(flags.emulationTimeout === undefined ? {} : { limits: { silentEmulation: flags.emulationTimeout } }),
  }
}

/** `--file`, the workspace's own Dockerfile, the root's. */
function dockerfileOf(project: Project, { file }: BuildFlags, { cwd }: CommandContext): string | undefined {
  if (file !== undefined) return resolve(cwd, file)
  const candidates = [join(project.root, project.app.folder, 'Dockerfile'), join(project.root, 'Dockerfile')]
  return candidates.find((path) => existsSync(path))
}

async function readDockerfile(root: string, file: string): Promise<DockerfileSource> {
  try {
    return { context: root, file, text: await readFile(file, 'utf8'), name: relative(root, file) || file }
  } catch (error) {
    throw new CodedError(
      'DOCKERFILE_NOT_FOUND',
      `${file} cannot be read: ${codeOf(error) ?? 'unknown reason'}`,
      {
        kind: 'usage',
        hint: '--file names the Dockerfile, relative to the current folder',
        cause: error,
      },
    )
  }
}

/** A builder that does not answer is a value: what follows from it depends on what was asked for. */
async function askBuilder(
  docker: DockerCommand,
  { builder }: BuildFlags,
  signal: AbortSignal,
): Promise<ReadyBuilder | CodedError> {
  try {
    const [features, found] = await Promise.all([
      buildxFeatures(docker, { signal }),
      inspectBuilder(docker, { signal, ...(builder === undefined ? {} : { builder }) }),
    ])
    return { features, builder: found }
  } catch (error) {
    if (error instanceof CodedError && (error.kind === 'environment' || error.kind === 'usage')) return error
    throw error
  }
}

function warnUnused({ configuration }: Project, { progress }: OpenTools): void {
  const keys = unusedConfiguration(configuration)
  if (keys.length === 0) return
  progress({
    type: 'warning',
    text: `${keys.join(', ')} of the configuration ${keys.length === 1 ? 'is' : 'are'} not used: the Dockerfile says it`,
    hint: '--engine direct uses them, and leaves the Dockerfile aside',
  })
}
