/** Foresees a build: what runs where on this builder, what waits for what, and what emulation will cost. */
import type { SourceRange, TextRange } from '../base/index.ts'
import {
  type BuildPlatform,
  buildPlatform,
  type Dockerfile,
  type Instruction,
  parseDockerfile,
  type ResolvedStage,
  resolveStages,
  type StageGraph,
  type StageSource,
  type Step,
} from '../dockerfile/index.ts'
import { formatPlatform } from '../oci/index.ts'
import { type BuilderFacts, type BuilderNode, executionOn, nodeFor } from './builder-facts.ts'
import { longestChains } from './critical-path.ts'
import type {
  Forecast,
  NodeForecast,
  PlatformForecast,
  StageForecast,
  StageNeed,
  StepForecast,
} from './forecast.ts'
import { costOf } from './step-cost.ts'

export interface ForecastOptions {
  /** the Dockerfile's name in positions; default `Dockerfile` */
  readonly file?: string
  readonly platforms: readonly string[]
  readonly builder: BuilderFacts
  readonly targetStage?: string
  readonly buildArgs?: Readonly<Record<string, string>>
  readonly contexts?: readonly string[]
}

/** Pure, and never throws for what the text says: see each platform's `problems`. */
export function forecastDockerfile(text: string, options: ForecastOptions): Forecast {
  const dockerfile = parseDockerfile(text)
  const place = (range: TextRange) => lineOf(dockerfile, range, options.file ?? 'Dockerfile')
  const needed = new Set<number>()
  const platforms = options.platforms.map((platform) => {
    const node = nodeFor(options.builder, buildPlatform(platform))
    const build = node?.native ?? options.builder.nodes[0]?.native ?? buildPlatform(platform)
    const graph = graphFor(dockerfile, platform, build, options)
    for (const { stage, reachable } of graph.stages) if (reachable) needed.add(stage.index)
    return forecastPlatform(dockerfile, graph, platform, node, place)
  })
  const unused = dockerfile.stages.filter(({ index }) => !needed.has(index)).map(stageName)
  const { name, nodes } = options.builder
  return { builder: name, nodes: nodes.map(nodeForecast), platforms, unused }
}

function nodeForecast(node: BuilderNode): NodeForecast {
  const { name, native, platforms, assigned, error } = node
  const emulated = platforms.filter((platform) => executionOn(node, platform) === 'emulated')
  return {
    name,
    ...(native ? { native: formatPlatform(native) } : {}),
    emulated: emulated.map(formatPlatform),
    assigned: assigned.map(formatPlatform),
    ...(error === undefined ? {} : { error }),
  }
}

function graphFor(
  dockerfile: Dockerfile,
  target: string,
  build: BuildPlatform,
  { targetStage, buildArgs, contexts }: ForecastOptions,
): StageGraph {
  return resolveStages(dockerfile, {
    target: buildPlatform(target),
    build,
    ...(targetStage === undefined ? {} : { targetStage }),
    ...(buildArgs ? { buildArgs } : {}),
    ...(contexts ? { contexts } : {}),
  })
}

type Place = (range: TextRange) => SourceRange

function forecastPlatform(
  dockerfile: Dockerfile,
  graph: StageGraph,
  platform: string,
  node: BuilderNode | undefined,
  place: Place,
): PlatformForecast {
  const stages = graph.stages.filter(({ reachable }) => reachable)
  const steps = new Map<Instruction, StepForecast>()
  for (const stage of stages) {
    const emulated = node !== undefined && executionOn(node, buildPlatform(stage.platform)) === 'emulated'
    for (const step of stage.steps) {
      const forecast = stepForecast(step, emulated, dockerfile, place)
      if (forecast) steps.set(step.instruction, forecast)
    }
  }
  const all = stages.flatMap((stage) =>
    stage.steps.flatMap(({ instruction }) => steps.get(instruction) ?? []),
  )
  const chains = longestChains(graph, steps)
  const shared = sharedStages(graph)
  const problems = [...dockerfile.problems, ...graph.problems].map(({ message, range }) => ({
    message,
    source: place(range),
  }))
  return {
    platform,
    ...(node ? { node: node.name } : {}),
    buildPlatform: node?.native ? formatPlatform(node.native) : '',
    stages: stages.map((stage) => stageForecast(graph, stage, { node, steps, shared, place })),
    runs: all.length,
    emulatedRuns: all.filter(({ emulated }) => emulated).length,
    criticalPath: chains.emulated.map(({ source }) => source),
    estimatedSeconds: Math.round(chains.seconds),
    problems,
  }
}

function stageForecast(
  graph: StageGraph,
  stage: ResolvedStage,
  {
    node,
    steps,
    shared,
    place,
  }: {
    node: BuilderNode | undefined
    steps: ReadonlyMap<Instruction, StepForecast>
    shared: ReadonlySet<number>
    place: Place
  },
): StageForecast {
  return {
    stage: stageName(stage.stage),
    platform: stage.platform,
    execution: node ? executionOn(node, buildPlatform(stage.platform)) : 'impossible',
    shared: shared.has(stage.stage.index),
    needs: needsOf(graph, stage, place),
    steps: stage.steps.flatMap(({ instruction }) => steps.get(instruction) ?? []),
  }
}

/** The stages that run on the builder's platform, with nothing in them that asks for the image's. */
function sharedStages({ stages }: StageGraph): ReadonlySet<number> {
  const shared = new Set<number>()
  const isShared = (source: StageSource) => source.kind !== 'stage' || shared.has(source.index)
  // A stage takes only from those before it.
  for (const { stage, runsOn, base, steps, scope } of stages) {
    const asksForTarget = [...scope.values()].some(({ platformArguments }) =>
      [...platformArguments].some((name) => name.startsWith('TARGET')),
    )
    const all = [base, ...steps.flatMap(({ sources }) => sources)]
    if (runsOn === 'build' && !asksForTarget && all.every(isShared)) shared.add(stage.index)
  }
  return shared
}

function needsOf(graph: StageGraph, { stage, base, steps }: ResolvedStage, place: Place): StageNeed[] {
  const need = (source: typeof base, by: StageNeed['by'], range: TextRange): StageNeed[] => {
    if (source.kind === 'image') return [{ from: source.reference, by, source: place(range) }]
    const from = source.kind === 'stage' ? graph.stages[source.index] : undefined
    return from ? [{ from: stageName(from.stage), by, platform: from.platform, source: place(range) }] : []
  }
  return [
    ...need(base, 'FROM', stage.from.range),
    ...steps.flatMap(({ instruction, sources }) =>
      sources.flatMap((source) =>
        need(source, instruction.keyword === 'RUN' ? 'RUN --mount' : 'COPY', instruction.range),
      ),
    ),
  ]
}

function stepForecast(
  { instruction }: Step,
  emulated: boolean,
  { text }: Dockerfile,
  place: Place,
): StepForecast | undefined {
  if (instruction.keyword !== 'RUN') return undefined
  const { kind, seconds, expensive } = costOf(instruction, emulated)
  const line = text
    .slice(instruction.range.start, instruction.range.end)
    .replaceAll(/[\\`]?\r?\n\s*/gu, ' ')
    .replaceAll(/--mount=\S+\s+/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim()
  return {
    source: place(instruction.range),
    text: line.length > 64 ? `${line.slice(0, 63)}…` : line,
    kind,
    emulated,
    expensive,
    estimatedSeconds: seconds,
  }
}

function stageName({ name, index }: { name?: string; index: number }): string {
  return name ?? String(index)
}

/** The first line of a range. */
function lineOf({ lines }: Dockerfile, range: TextRange, file: string): SourceRange {
  const { line } = lines.position(range.start)
  const end = Math.min(range.end, lines.startOf(line) + lines.textOf(line).length)
  return lines.source(file, { start: range.start, end })
}
