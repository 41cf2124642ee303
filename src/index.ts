/** The library: what the command line does, as functions that return values and throw coded errors. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { type Progress, silent } from './base/index.ts'
import type { BuildxOptions } from './engines/buildkit/index.ts'
import { parseImageLocation, parsePlatform, parseReference } from './oci/index.ts'
import {
  type BuildReport,
  type BuildRequest,
  build,
  defaultCacheFolder,
  type OpenTools,
  openEngine,
  openTools,
  type PlanReport,
  plan,
  type SmokeRequest,
  sourceDateEpoch,
} from './pipeline/index.ts'
import { type Configuration, openProject, type Project } from './project/index.ts'
import { defaultProbes, probesFromConfiguration } from './smoke/index.ts'

export { CodedError, type Finding, type Progress, type ProgressEvent, type Severity } from './base/index.ts'
export type {
  BuildReport,
  ImageReport,
  LayerReport,
  PlanReport,
  PlatformPlan,
  PlatformReport,
} from './pipeline/index.ts'
export type { BuildxOptions } from './engines/buildkit/index.ts'
export type { AssembledBase, Configuration, ImageSettings } from './project/index.ts'

export interface ProjectOptions {
  /** wins over the project's own configuration */
  configuration?: Configuration
  /** default: the process's variables */
  env?: Readonly<Record<string, string | undefined>>
  /** default: EVERYARCH_CACHE_DIR, else the user's cache folder */
  cacheFolder?: string
  /** hears what is being done */
  progress?: Progress
  /** stops the work: nothing is published, temporary files are removed */
  signal?: AbortSignal
}

export interface BuildImageOptions extends ProjectOptions {
  /** default `auto`: `buildkit` when the project has a Dockerfile (and a builder has to answer), else `direct` */
  engine?: 'auto' | 'direct' | 'buildkit'
  /** for builds from a Dockerfile */
  dockerfile?: DockerfileOptions
  /** names such as `ghcr.io/acme/shop:1.4.0`; with `push` they are published */
  tags?: readonly string[]
  push?: boolean
  /** `oci:DIR`, `oci-archive:FILE`, `docker-archive:FILE`, `docker-daemon:REF` */
  outputs?: readonly string[]
  /** start and probe each platform before anything is published; default: what is pushed, or has probes configured */
  smoke?: boolean
  /** platforms that may be published although nothing here can run them */
  allowUntested?: readonly string[] | 'all'
  /** false: nothing of earlier builds of the app is taken */
  reuse?: boolean
}

/** Of `docker buildx build`, with its meaning; relative paths in them are relative to the current folder. */
export interface DockerfileOptions extends BuildxOptions {
  /** the Dockerfile; default: the workspace's own, the root's */
  file?: string
  /** build a rewritten Dockerfile without needless emulation; the first time its image is compared with the original's */
  optimize?: 'code' | 'packages'
}

/**
 * Builds the image of the project in `folder` for every platform, proves it and publishes it where it was asked for. When the
 * gate stays closed the report says so (`proved` is false) and nothing was published. Throws `CodedError`.
 */
export async function buildImage(folder: string, options: BuildImageOptions = {}): Promise<BuildReport> {
  return withProject(folder, options, async (project, tools, { signal, mtime }) => {
    const tags = (options.tags ?? project.configuration.tags ?? []).map((tag) => parseReference(tag))
    const outputs = (options.outputs ?? []).map(parseImageLocation)
    const written = outputs.flatMap((location) => ('path' in location ? resolve(location.path) : []))
    const reuse = options.reuse ?? true
    const push = options.push ? 'tags' : 'nothing'
    const smoke = options.smoke ?? (options.push || project.configuration.smoke !== undefined)
    const { file, ...dockerfile } = options.dockerfile ?? {}
    const wishes = {
      project,
      wanted: options.engine ?? 'auto',
      options: dockerfile,
      reuse,
      mtime,
      written,
      ...(file === undefined ? {} : { file: resolve(file) }),
      ...(dockerfile.optimize ? { optimize: dockerfile.optimize } : {}),
    }
    const docker = { env: tools.env, cwd: process.cwd() }
    const request: BuildRequest = {
      engine: await openEngine(wishes, { ...tools, docker }, { signal }),
      tags,
      push,
      outputs,
      ignore: project.configuration.verify?.ignore ?? [],
      ...(smoke ? { smoke: smokeRequest(project, options, reuse) } : {}),
    }
    return build(request, tools, { signal })
  })
}

function smokeRequest(
  { configuration, root }: Project,
  { allowUntested = [] }: BuildImageOptions,
  reuse: boolean,
): SmokeRequest {
  const { smoke, runners: places = {} } = configuration
  return {
    probes: smoke ? probesFromConfiguration(smoke, root) : defaultProbes,
    runners: { wanted: 'auto', places },
    allowUntested: allowUntested === 'all' ? allowUntested : allowUntested.map(parsePlatform),
    reuse,
  }
}

/** What the same build would do, and why. Throws `CodedError`. */
export async function planImage(folder: string, options: ProjectOptions = {}): Promise<PlanReport> {
  return withProject(folder, options, (project, tools, { signal, mtime }) =>
    plan({ project, mtime }, tools, { signal }),
  )
}

async function withProject<T>(
  folder: string,
  options: ProjectOptions,
  work: (project: Project, tools: OpenTools, run: { signal: AbortSignal; mtime: number }) => Promise<T>,
): Promise<T> {
  const { env = process.env, progress = silent, signal = new AbortController().signal } = options
  const project = await openProject(resolve(folder), {
    signal,
    ...(options.configuration ? { flags: options.configuration } : {}),
  })
  const home = homedir()
  const cacheFolder = options.cacheFolder ?? defaultCacheFolder(env, home)
  const tools = await openTools(project, { env, home, cacheFolder, userAgent: 'everyarch', progress, signal })
  try {
    return await work(project, tools, { signal, mtime: sourceDateEpoch(env) })
  } finally {
    await tools.close()
  }
}
