/** A Dockerfile as the builds of all platforms see it together. */
import {
  buildPlatform,
  type Dockerfile,
  parseDockerfile,
  type ResolvedStage,
  resolveStages,
  type StageGraph,
  type Step,
} from '../dockerfile/index.ts'
import { isChosenByPlatform, lineageOf } from '../forecast/index.ts'
import type { OptimizeFacts } from './optimize-facts.ts'

/** A stage takes files from another one. */
export interface Use {
  readonly from: number
  readonly to: number
  readonly step: Step
}

export interface BuildView {
  readonly dockerfile: Dockerfile
  readonly facts: OptimizeFacts
  readonly platforms: readonly string[]
  readonly graphs: readonly StageGraph[]
  /** stages that the image of some platform needs */
  readonly needed: ReadonlySet<number>
  /** stages that some image continues: what they hold is in it */
  readonly inImage: ReadonlySet<number>
  readonly uses: readonly Use[]
  readonly stage: (index: number) => ResolvedStage
  /** the graph in which a stage is needed */
  readonly graphOf: (index: number) => StageGraph
  /** the stages that continue a stage, and are needed */
  readonly children: (index: number) => number[]
  /** a stage that is needed and runs on the image's platform, not chosen by it */
  readonly isTarget: (index: number) => boolean
}

export function buildView(text: string, facts: OptimizeFacts): BuildView {
  const dockerfile = parseDockerfile(text)
  const platforms = facts.platforms ?? ['linux/amd64', 'linux/arm64']
  const graphs = platforms.map((platform) => graphFor(dockerfile, platform, facts))
  const needed = new Set(
    graphs.flatMap(({ stages }) =>
      stages.flatMap(({ stage, reachable }) => (reachable ? [stage.index] : [])),
    ),
  )
  const graphOf = (index: number) =>
    (graphs.find(({ stages }) => stages[index]?.reachable) ?? graphs[0]) as StageGraph
  const stage = (index: number) => graphOf(index).stages[index] as ResolvedStage
  return {
    dockerfile,
    facts,
    platforms,
    graphs,
    needed,
    inImage: new Set(
      graphs.flatMap((graph) =>
        graph.target ? lineageOf(graph, graph.target).map((each) => each.stage.index) : [],
      ),
    ),
    uses: usesOf(graphs),
    stage,
    graphOf,
    children: (index) =>
      [...needed].filter((child) =>
        graphs.some(({ stages }) => {
          const base = stages[child]?.base
          return base?.kind === 'stage' && base.index === index
        }),
      ),
    isTarget: (index) =>
      needed.has(index) && stage(index).runsOn === 'target' && !isChosenByPlatform(dockerfile, stage(index)),
  }
}

function usesOf(graphs: readonly StageGraph[]): Use[] {
  const uses = new Map<string, Use>()
  for (const { stages } of graphs) {
    for (const { stage, steps, reachable } of stages) {
      if (!reachable) continue
      for (const step of steps) {
        for (const source of step.sources) {
          if (source.kind !== 'stage') continue
          const use = { from: source.index, to: stage.index, step }
          uses.set(`${use.from} ${use.to} ${step.instruction.range.start}`, use)
        }
      }
    }
  }
  return [...uses.values()]
}

function graphFor(dockerfile: Dockerfile, platform: string, facts: OptimizeFacts): StageGraph {
  const target = buildPlatform(platform)
  // A builder of another architecture: only then does it show where a step runs.
  const build = { os: 'linux', architecture: target.architecture === 'amd64' ? 'arm64' : 'amd64' }
  const { targetStage, buildArgs, contexts } = facts
  return resolveStages(dockerfile, {
    target,
    build,
    ...(targetStage === undefined ? {} : { targetStage }),
    ...(buildArgs ? { buildArgs } : {}),
    ...(contexts ? { contexts } : {}),
  })
}
