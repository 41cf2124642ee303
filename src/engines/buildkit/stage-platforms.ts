/** On which platform each step of a build runs, from the Dockerfile's own stage graph where BuildKit's names do not say. */
import { type Dockerfile, parseDockerfile, resolveStages, type StageGraph } from '../../dockerfile/index.ts'
import { formatPlatform, parsePlatform, type Platform, runsNatively } from '../../oci/index.ts'
import type { BuildxOptions } from './build-request.ts'
import type { BuilderNode } from '../../forecast/index.ts'
import type { StepName } from './progress/step-name.ts'

/** The stages of one platform's build, as the options decide them. */
export function graphOf(
  text: string,
  target: Platform,
  build: Platform,
  options: BuildxOptions,
  env: Readonly<Record<string, string | undefined>>,
): StageGraph {
  const dockerfile: Dockerfile = parseDockerfile(text)
  return resolveStages(dockerfile, {
    target,
    build,
    buildArgs: buildArgsOf(options, env),
    contexts: contextNamesOf(options),
    ...(options.target === undefined ? {} : { targetStage: options.target }),
  })
}

/** The names that stand for stages and images. */
export function contextNamesOf({ buildContexts = [] }: BuildxOptions): string[] {
  return buildContexts.map((context) => context.split('=')[0] as string)
}

/** `NAME=VALUE`, or `NAME` for the variable of that name. */
export function buildArgsOf(
  { buildArgs = [] }: BuildxOptions,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    buildArgs.flatMap((text) => {
      const equals = text.indexOf('=')
      if (equals >= 0) return [[text.slice(0, equals), text.slice(equals + 1)]]
      const value = env[text]
      return value === undefined ? [] : [[text, value]]
    }),
  )
}

/** Where a step of one invocation runs: what its name says, else what the stage of a lone platform says. */
export function stepPlatform(
  graphs: readonly StageGraph[],
  node: BuilderNode,
): (words: StepName) => { platform: string | undefined; emulated: boolean } {
  const [only] = graphs.length === 1 ? graphs : []
  return ({ kind, platform, stage }) => {
    const text = platform ?? (only && stagePlatform(only, stage))
    const runs = text === undefined ? undefined : platformOf(text)
    const emulated =
      kind === 'run' && runs !== undefined && node.native !== undefined && !runsNatively(runs, node.native)
    return { platform: runs && formatPlatform(runs), emulated }
  }
}

/** BuildKit calls stages without a name `stage-N`; a file of one such stage is given no name at all. */
function stagePlatform(graph: StageGraph, name: string | undefined): string | undefined {
  const index = /^stage-(\d+)$/.exec(name ?? '')?.[1]
  const stage =
    name === undefined
      ? graph.target
      : (graph.stages.findLast(({ stage }) => stage.name === name.toLowerCase()) ??
        (index === undefined ? undefined : graph.stages[Number(index)]))
  return stage?.platform || undefined
}

/** Platforms of the stages with a RUN that the target needs: what the builder has to execute. */
export function executedPlatforms(graphs: readonly StageGraph[]): Platform[] {
  const platforms = graphs.flatMap(({ stages }) =>
    stages
      .filter(
        ({ reachable, platform, steps }) =>
          reachable && platform !== '' && steps.some(({ instruction }) => instruction.keyword === 'RUN'),
      )
      .flatMap(({ platform }) => platformOf(platform) ?? []),
  )
  return [...new Map(platforms.map((platform) => [formatPlatform(platform), platform])).values()]
}

function platformOf(text: string): Platform | undefined {
  try {
    return parsePlatform(text)
  } catch {
    return undefined
  }
}
