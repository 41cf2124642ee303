/** Which engine builds a project, asked of the project, the wishes and the builder; and that engine, ready to build. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { CodedError, type CancelOptions, codeOf } from '../base/index.ts'
import {
  buildArgsOf,
  buildxFeatures,
  type BuildkitRequest,
  type BuildkitTools,
  type BuildxOptions,
  contextNamesOf,
  type DockerfileSource,
  inspectBuilder,
  type ReadyBuilder,
} from '../engines/buildkit/index.ts'
import type { DirectTools } from '../engines/direct/index.ts'
import { formatPlatform } from '../oci/index.ts'
import { optimizeDockerfile, readOptimizeProject } from '../optimize/index.ts'
import { type Project, targetPlatforms } from '../project/index.ts'
import { buildkitEngine } from './buildkit-engine.ts'
import { chooseEngine, type EngineFacts } from './choose-engine.ts'
import { directEngine, type DirectSettings, type Engine } from './engine.ts'
import { type Optimization, optimizedEngine } from './optimized-engine.ts'
import { PipelineError } from './pipeline-error.ts'

export interface EngineSettings
  extends DirectSettings,
    Pick<BuildkitRequest, 'repository' | 'partial' | 'limits'> {
  wanted: EngineFacts['wanted']
  /** absolute path of the Dockerfile; default: the workspace's own, the root's */
  file?: string
  /** for a Dockerfile; labels and annotations of the project's configuration come before these */
  options: BuildxOptions
  /** rewrite the Dockerfile in memory */
  optimize?: 'code' | 'packages'
  /** build contexts that other targets make */
  linked?: readonly string[]
}

export type EngineTools = BuildkitTools & DirectTools

/** Says what was chosen as the first line of progress. Throws what `chooseEngine` throws. */
export async function openEngine(
  settings: EngineSettings,
  tools: EngineTools,
  { signal }: CancelOptions,
): Promise<Engine> {
  const { project, wanted, optimize } = settings
  const file = settings.file ?? dockerfileOf(project)
  const ready =
    file === undefined || wanted === 'direct' ? undefined : await askBuilder(settings, tools, { signal })
  const { engine, text } = chooseEngine({
    wanted,
    platforms: targetPlatforms(project.configuration),
    ...(file === undefined ? {} : { dockerfile: relative(project.root, file) }),
    ...(ready === undefined ? {} : { builder: ready instanceof CodedError ? ready : ready.builder }),
  })
  tools.progress({ type: 'decision', topic: 'engine', text })
  if (engine === 'direct') return directEngine(settings, tools)
  const request = requestOf(settings, await readDockerfile(project.root, file as string))
  const ways = [ready as ReadyBuilder, tools] as const
  if (optimize === undefined) return buildkitEngine(request, ...ways)
  return optimizedEngine(request, await optimization(request, settings, tools, { signal }), ...ways)
}

/** The rewrite of the request's Dockerfile, told change by change. */
async function optimization(
  { source, platforms, options }: BuildkitRequest,
  { optimize = 'code', linked = [], reuse }: EngineSettings,
  { docker, progress }: EngineTools,
  { signal }: CancelOptions,
): Promise<Optimization> {
  const project = await readOptimizeProject(source.context, source.file, { signal })
  const rewritten = optimizeDockerfile(source.text, {
    file: source.name,
    platforms: platforms.map(formatPlatform),
    level: optimize,
    buildArgs: buildArgsOf(options, docker.env),
    contexts: [...contextNamesOf(options), ...linked],
    project,
    ...(options.target === undefined ? {} : { targetStage: options.target }),
  })
  const said = (text: string) => progress({ type: 'decision', topic: 'optimize', text })
  if (rewritten.changes.length === 0) said('nothing to rewrite')
  for (const { source: place, what, why } of rewritten.changes)
    said(`${place.file}:${place.line} ${what}: ${why}`)
  return { rewritten, project, reuse }
}

function requestOf(
  { project: { configuration }, options, repository, partial, limits }: EngineSettings,
  source: DockerfileSource,
): BuildkitRequest {
  const { labels = {}, annotations = {} } = configuration.image ?? {}
  return {
    source,
    platforms: targetPlatforms(configuration),
    options: {
      ...options,
      labels: [...pairs(labels), ...(options.labels ?? [])],
      annotations: [...pairs(annotations), ...(options.annotations ?? [])],
    },
    ...(partial === undefined ? {} : { partial }),
    ...(repository ? { repository } : {}),
    ...(limits ? { limits } : {}),
  }
}

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`)
}

function dockerfileOf({ root, app }: Project): string | undefined {
  const candidates = [join(root, app.folder, 'Dockerfile'), join(root, 'Dockerfile')]
  return candidates.find((path) => existsSync(path))
}

async function readDockerfile(root: string, file: string): Promise<DockerfileSource> {
  try {
    return { context: root, file, text: await readFile(file, 'utf8'), name: relative(root, file) || file }
  } catch (error) {
    throw new PipelineError(
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
  { options: { builder } }: EngineSettings,
  { docker }: EngineTools,
  { signal }: CancelOptions,
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
