/** Platforms that one run of buildx builds, and where its result is afterwards. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import type { StageGraph } from '../../dockerfile/index.ts'
import { isDigest, type Platform, type Reference } from '../../oci/index.ts'
import { type ImageReader, openReader, type TemporaryFolder } from '../../store/index.ts'
import type { BuildkitRequest } from './build-request.ts'
import { BuildkitError } from './buildkit-error.ts'
import type { BuildkitTools, ReadyBuilder } from './buildkit-tools.ts'
import type { BuilderNode } from './builder/builder.ts'
import { buildArguments } from './buildx/build-arguments.ts'
import { cacheArguments } from './cache/cache-arguments.ts'
import { runInvocation } from './invocation.ts'
import type { BuildStep } from './progress/timeline.ts'
import { stepPlatform } from './stage-platforms.ts'

export interface Group {
  platforms: readonly Platform[]
  graphs: readonly StageGraph[]
  node: BuilderNode
  /** other platforms of the same image are built apart */
  apart: boolean
  prefix: string
}

export interface BuiltGroup {
  reader: ImageReader
  steps: BuildStep[]
}

/** Drivers whose builder is somewhere else: results go into the registry from there. */
const distant = new Set(['remote', 'kubernetes', 'cloud'])

/** Throws `BuildkitError`, and what stores throw when the result is read. */
export async function buildGroup(
  request: BuildkitRequest,
  group: Group,
  { builder, features }: ReadyBuilder,
  { docker, stores, cache, progress }: BuildkitTools,
  { signal }: CancelOptions,
): Promise<BuiltGroup> {
  const { source, options, limits = {} } = request
  const folder = await cache.temporaryFolder()
  try {
    const layout = join(folder.path, 'image')
    const metadataFile = join(folder.path, 'metadata.json')
    const repository = distant.has(builder.driver) ? request.repository : undefined
    const { cacheFrom, cacheTo, warnings } = cacheArguments({
      cacheFrom: options.cacheFrom ?? [],
      cacheTo: options.cacheTo ?? [],
      env: docker.env,
      ...(group.apart ? { apart: group.platforms } : {}),
    })
    for (const warning of warnings) progress({ type: 'warning', ...warning })
    const args = buildArguments(
      {
        source,
        platforms: group.platforms,
        options: { ...options, builder: builder.name, cacheFrom, cacheTo },
        output: repository
          ? byDigest(repository, stores.settings.insecureRegistries ?? [])
          : `type=oci,tar=false,dest=${layout}`,
        metadataFile,
      },
      features,
    )
    const timeline = await runInvocation({
      args,
      docker,
      features,
      file: source.name,
      context: source.context,
      platforms: group.platforms,
      limits,
      prefix: `buildkit ${group.prefix}`,
      runsOn: stepPlatform(group.graphs, group.node),
      progress,
      signal,
    })
    const steps = timeline.report()
    if (!repository) {
      const reader = await openReader({ transport: 'oci', path: layout }, stores, { signal })
      return { reader: keeping(reader, folder, source.name), steps }
    }
    const digest = await digestIn(metadataFile)
    const reference = { registry: repository.registry, repository: repository.repository, digest }
    const reader = await openReader({ transport: 'docker', reference }, stores, { cache, signal })
    return { reader: keeping(reader, folder, reader.name), steps }
  } catch (error) {
    await folder[Symbol.asyncDispose]()
    throw error
  }
}

/** `push-by-digest` without `push` would push nothing and stay green. */
function byDigest({ registry, repository }: Reference, insecure: readonly string[]): string {
  const attributes = [
    'type=image',
    `name=${registry}/${repository}`,
    'push-by-digest=true',
    'push=true',
    ...(insecure.includes(registry) ? ['registry.insecure=true'] : []),
  ]
  return attributes.join(',')
}

async function digestIn(file: string) {
  const metadata = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const digest = String(metadata['containerimage.digest'])
  if (isDigest(digest)) return digest
  throw new BuildkitError('BUILD_FAILED', 'buildx did not say what it pushed', {
    kind: 'environment',
    hint: 'its metadata file has no containerimage.digest; a newer buildx may help',
  })
}

/** The image is on this machine's disk for as long as it is open. */
function keeping(reader: ImageReader, folder: TemporaryFolder, name: string): ImageReader {
  return {
    name,
    root: reader.root,
    ...(reader.reference ? { reference: reader.reference } : {}),
    manifest: (descriptor, options) => reader.manifest(descriptor, options),
    blob: (descriptor) => reader.blob(descriptor),
    referrers: (digest, options) => reader.referrers(digest, options),
    close: async () => {
      await reader.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
