/** The buildkit engine: a Dockerfile, built by a real builder on however many nodes, becomes an image without a name. */
import { type CancelOptions, inParallel, type Progress } from '../../base/index.ts'
import type { StageGraph } from '../../dockerfile/index.ts'
import { executionOf, nodeFor } from '../../forecast/index.ts'
import { type Digest, formatPlatform, type Platform } from '../../oci/index.ts'
import type { ImageReader } from '../../store/index.ts'
import type { BuildkitRequest } from './build-request.ts'
import { BuildkitError } from './buildkit-error.ts'
import { buildGroup, type Group } from './build-group.ts'
import type { BuildkitTools, ReadyBuilder } from './buildkit-tools.ts'
import type { Builder, BuilderNode } from './builder/builder.ts'
import { ghaSizeWarning } from './cache/cache-arguments.ts'
import type { BuildStep } from './progress/timeline.ts'
import { type BaseFacts, baseFacts } from './result/base-facts.ts'
import { namedLayers } from './result/layer-names.ts'
import { executedPlatforms, graphOf } from './stage-platforms.ts'

export interface BuildkitResult {
  /** one index of all platforms, or one image for each platform where they were built apart; closing removes them here */
  readers: readonly ImageReader[]
  base: BaseFacts | undefined
  /** what the Dockerfile's layers are, for people */
  layerNames: ReadonlyMap<Digest, string>
  /** what the time went to */
  steps: BuildStep[]
}

/** Builds; nothing gets a name anywhere. Throws `BuildkitError`, and what stores throw when the result is read. */
export async function buildWithBuildkit(
  request: BuildkitRequest,
  ready: ReadyBuilder,
  tools: BuildkitTools,
  { signal }: CancelOptions,
): Promise<BuildkitResult> {
  const { platforms, options } = request
  const { builder } = ready
  const graphs = platforms.map((platform) => graphFor(request, builder, platform, tools))
  checkExecution(builder, graphs, tools.progress)
  const groups = groupsOf(request, builder, graphs)
  const built = await inParallel(
    groups.map(
      (group) => (joined: AbortSignal) => buildGroup(request, group, ready, tools, { signal: joined }),
    ),
    { signal },
  )
  const readers = built.map(({ reader }) => reader)
  try {
    const base = await baseFacts(readers[0] as ImageReader, graphs[0], { signal })
    const layerNames = new Map<Digest, string>()
    let bytes = 0
    for (const [index, reader] of readers.entries()) {
      const named = await namedLayers(reader, groups[index]?.graphs[0], { signal })
      for (const [digest, name] of named.names) layerNames.set(digest, name)
      bytes += named.bytes
    }
    const tight = ghaSizeWarning(options.cacheTo ?? [], bytes)
    if (tight) tools.progress({ type: 'warning', ...tight })
    return { readers, base, layerNames, steps: built.flatMap(({ steps }) => steps) }
  } catch (error) {
    for (const reader of readers) await reader.close()
    throw error
  }
}

function graphFor(
  { source, options }: BuildkitRequest,
  builder: Builder,
  platform: Platform,
  { docker }: BuildkitTools,
): StageGraph {
  const native = nodeFor(builder, platform)?.native ?? platform
  return graphOf(source.text, platform, native, options, docker.env)
}

/** A platform whose programs must run has a node that runs them; where that is QEMU, it is said. */
function checkExecution(builder: Builder, graphs: readonly StageGraph[], progress: Progress): void {
  const executed = executedPlatforms(graphs)
  const lacking = executed.filter((platform) => executionOf(builder, platform) === 'impossible')
  if (lacking.length > 0) {
    const names = lacking.map(formatPlatform)
    const offered = [...new Set(builder.nodes.flatMap(({ platforms }) => platforms.map(formatPlatform)))]
    throw new BuildkitError(
      'BUILDER_LACKS_PLATFORM',
      `the builder ${builder.name} cannot run programs of ${names.join(', ')}, which the Dockerfile's steps need`,
      {
        kind: 'environment',
        hint: [
          `it has ${offered.join(', ') || 'no platforms'}`,
          'register QEMU with `everyarch setup`, add a node with `docker buildx create --append`, or let nothing of these platforms run: everyarch optimize',
        ].join('\n'),
        details: { builder: builder.name, lacking: names, offered },
      },
    )
  }
  for (const platform of executed) {
    if (executionOf(builder, platform) !== 'emulated') continue
    const native = nodeFor(builder, platform)?.native
    progress({
      type: 'warning',
      platform: formatPlatform(platform),
      text: `${countRuns(graphs, platform)} run under emulation: the builder ${builder.name} is ${native ? formatPlatform(native) : 'of another CPU'}`,
      hint: 'Node is 5 to 15 times slower in QEMU and can crash or hang there; `everyarch plan` says which steps, `everyarch optimize` removes them',
    })
  }
}

function countRuns(graphs: readonly StageGraph[], platform: Platform): string {
  const wanted = formatPlatform(platform)
  const counts = graphs.map(({ stages }) =>
    stages
      .filter((stage) => stage.reachable && stage.platform === wanted)
      .reduce(
        (sum, { steps }) => sum + steps.filter(({ instruction }) => instruction.keyword === 'RUN').length,
        0,
      ),
  )
  const count = Math.max(...counts)
  return count === 1 ? '1 RUN step' : `${count} RUN steps`
}

/**
 * buildx refuses to hand over an image that several nodes made; told to push it by digest it moves the tag `latest`. So
 * builders of several nodes build each platform apart.
 */
function groupsOf(request: BuildkitRequest, builder: Builder, graphs: readonly StageGraph[]): Group[] {
  const { platforms, partial = false } = request
  const nodes = platforms.map((platform) => nodeFor(builder, platform) ?? (builder.nodes[0] as BuilderNode))
  if (builder.nodes.length === 1 || platforms.length === 1) {
    return [{ platforms, graphs, node: nodes[0] as BuilderNode, apart: partial, prefix: '' }]
  }
  return platforms.map((platform, index) => ({
    platforms: [platform],
    graphs: [graphs[index] as StageGraph],
    node: nodes[index] as BuilderNode,
    apart: true,
    prefix: `${formatPlatform(platform)} `,
  }))
}
