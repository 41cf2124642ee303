/**
 * What a build of one platform would do: for each stage its base, the platform that its steps run on, its variables, and
 * what it takes from other stages and images; which stages the target needs at all.
 */
import type { DockerfileProblem, Instruction } from './instruction.ts'
import type { Dockerfile, Stage } from './parse-dockerfile.ts'
import { globalScope, resolveStage } from './resolve-stage.ts'
import { type BuildPlatform, platformScope, type Scope } from './scope.ts'

export interface BuildRequest {
  /** the platform that the image is for */
  readonly target: BuildPlatform
  /** the builder's own platform */
  readonly build: BuildPlatform
  /** `--build-arg` */
  readonly buildArgs?: Readonly<Record<string, string>>
  /** `--target`: a stage's name or number; the last stage without it */
  readonly targetStage?: string
  /** the names given with `--build-context`: they stand for stages and images of that name */
  readonly contexts?: readonly string[]
  /** the environment of a base image, where it is known */
  readonly baseEnvironment?: (
    reference: string,
    platform: string,
  ) => Readonly<Record<string, string>> | undefined
}

/** What a stage begins with, or what COPY and RUN take files from. */
export type StageSource =
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'image'; readonly reference: string }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'scratch' }
  /** it does not resolve; a problem says why */
  | { readonly kind: 'unresolved' }

/** Whose CPU the steps of a stage need: decided by `--platform` of the FROM that it goes back to. */
export type RunsOn = 'build' | 'target' | 'constant'

/** One instruction as a stage executes it. */
export interface Step {
  readonly instruction: Instruction
  /** the variables before it */
  readonly scope: Scope
  /** where it takes files from: COPY --from, RUN --mount from= */
  readonly sources: readonly StageSource[]
  /** an ONBUILD trigger of the stage's base */
  readonly onbuild: boolean
}

export interface ResolvedStage {
  readonly stage: Stage
  readonly base: StageSource
  /** the platform that its RUN steps run on, as text; empty when it does not resolve */
  readonly platform: string
  readonly runsOn: RunsOn
  readonly steps: readonly Step[]
  /** the variables at its end */
  readonly scope: Scope
  /** whether the target needs it */
  readonly reachable: boolean
}

export interface StageGraph {
  readonly request: BuildRequest
  readonly stages: readonly ResolvedStage[]
  /** the stage that becomes the image; undefined when the target does not exist */
  readonly target: ResolvedStage | undefined
  readonly problems: readonly StageProblem[]
}

/** A problem that fails the build; one `inStage` only when the target needs that stage. */
export interface StageProblem extends DockerfileProblem {
  readonly inStage?: number
  /** it may go away with a `--build-arg` */
  readonly wantsArgument: boolean
}

/** Resolves the stages of a Dockerfile for one platform. Never throws for what the file says: see `problems`. */
export function resolveStages(dockerfile: Dockerfile, request: BuildRequest): StageGraph {
  const problems: StageProblem[] = []
  const automatic = platformScope(request.build, request.target, request.buildArgs ?? {})
  const context = {
    dockerfile,
    request,
    problems,
    global: globalScope(dockerfile, request, automatic, problems),
  }
  const resolved: Omit<ResolvedStage, 'reachable'>[] = []
  for (const stage of dockerfile.stages) resolved.push(resolveStage(stage, resolved, context))
  const targetIndex = findTarget(dockerfile.stages, request.targetStage)
  const needed = new Set<number>()
  if (targetIndex === undefined) problems.push(noTarget(dockerfile, request))
  else reach(targetIndex, resolved, needed)
  const stages = resolved.map((stage) => ({ ...stage, reachable: needed.has(stage.stage.index) }))
  return {
    request,
    stages,
    target: targetIndex === undefined ? undefined : stages[targetIndex],
    problems: problems.filter((problem) => problem.inStage === undefined || needed.has(problem.inStage)),
  }
}

/** The stages that a stage takes something from, its base included. */
export function dependenciesOf(stage: Pick<ResolvedStage, 'base' | 'steps'>): number[] {
  const sources = [stage.base, ...stage.steps.flatMap((step) => step.sources)]
  return [...new Set(sources.flatMap((source) => (source.kind === 'stage' ? [source.index] : [])))]
}

function reach(
  index: number,
  stages: readonly Omit<ResolvedStage, 'reachable'>[],
  needed: Set<number>,
): void {
  const stage = stages[index]
  if (!stage || needed.has(index)) return
  needed.add(index)
  for (const dependency of dependenciesOf(stage)) reach(dependency, stages, needed)
}

function findTarget(stages: readonly Stage[], name: string | undefined): number | undefined {
  if (name === undefined || name === '') return stages.at(-1)?.index
  const named = stages.findLast((stage) => stage.name === name.toLowerCase())
  if (named) return named.index
  return /^\d+$/u.test(name) ? stages[Number(name)]?.index : undefined
}

function noTarget(dockerfile: Dockerfile, request: BuildRequest): StageProblem {
  const names = dockerfile.stages.flatMap((stage) => stage.name ?? [])
  const message =
    request.targetStage === undefined ? 'no stage to build' : `no stage is named ${request.targetStage}`
  return {
    message,
    ...(names.length > 0 ? { expected: names.join(', ') } : {}),
    range: { start: 0, end: 0 },
    wantsArgument: false,
  }
}
