/** Resolves one stage: its base, platform, variables and the sources of its steps. */
import { codeOf, messageOf, type TextRange } from '../base/index.ts'
import { expandedWords, type Instruction, mountField, type NamedValue } from './instruction.ts'
import type { Dockerfile, Stage } from './parse-dockerfile.ts'
import { expandIn, platformText, type Scope, type ScopedValue, type Variable } from './scope.ts'
import type { BuildRequest, ResolvedStage, RunsOn, StageProblem, StageSource, Step } from './stage-graph.ts'

interface Context {
  readonly dockerfile: Dockerfile
  readonly request: BuildRequest
  readonly problems: StageProblem[]
  readonly global: Scope
  /** the stage whose steps are being resolved: a problem in them counts only when the target needs it */
  readonly inStage?: number
}

type Earlier = readonly Omit<ResolvedStage, 'reachable'>[]

/** The variables before the first FROM. A bare `ARG TARGETARCH` there changes nothing. */
export function globalScope(
  dockerfile: Dockerfile,
  request: BuildRequest,
  automatic: Map<string, Variable>,
  problems: StageProblem[],
): Scope {
  const scope = new Map(automatic)
  const context = { dockerfile, request, problems, global: scope }
  for (const { name, value } of dockerfile.globalArgs.flatMap((instruction) => instruction.pairs)) {
    const given = request.buildArgs?.[name.text]
    if (given !== undefined) scope.set(name.text, argument({ value: given }))
    else if (value) scope.set(name.text, argument(expandWord(context, scope, value.text, value.range)))
  }
  return scope
}

export function resolveStage(
  stage: Stage,
  earlier: Earlier,
  context: Context,
): Omit<ResolvedStage, 'reachable'> {
  const base = resolveBase(stage, earlier, context)
  const parent = base.kind === 'stage' ? earlier[base.index] : undefined
  const { platform, runsOn } = parent ?? resolvePlatform(stage, base, context)
  const triggers = (parent?.stage.instructions ?? []).flatMap((instruction) =>
    instruction.keyword === 'ONBUILD' ? [instruction.trigger] : [],
  )
  let scope: Scope = parent?.scope ?? baseScope(base, platform, context)
  const inside = { ...context, inStage: stage.index }
  const steps: Step[] = []
  const execute = (instruction: Instruction, onbuild: boolean) => {
    steps.push({ instruction, scope, sources: sourcesOf(instruction, stage, earlier, context), onbuild })
    for (const word of expandedWords(instruction)) expandWord(inside, scope, word.text, word.range)
    scope = scopeAfter(instruction, scope, inside)
  }
  for (const trigger of triggers) execute(trigger, true)
  for (const instruction of stage.instructions) execute(instruction, false)
  return { stage, base, platform, runsOn, steps, scope }
}

function resolveBase(stage: Stage, earlier: Earlier, context: Context): StageSource {
  const { image } = stage.from
  const expanded = expandWord(context, context.global, image.text, image.range)
  const contexts = context.request.contexts ?? []
  if (stage.name !== undefined && contexts.includes(stage.name)) return { kind: 'context', name: stage.name }
  if (!expanded) return { kind: 'unresolved' }
  const { value, unset } = expanded
  if (value === '') {
    problem(context, image.range, `the base image ${image.text} is empty`, {
      expected: 'the name of an image or of an earlier stage',
      wantsArgument: unset.size > 0,
    })
    return { kind: 'unresolved' }
  }
  // Stage names are kept in lower case and a base is looked up as it is written: `FROM Base` names an image.
  const parent = earlier.findLast((candidate) => candidate.stage.name === value)
  if (parent) return { kind: 'stage', index: parent.stage.index }
  if (contexts.includes(value)) return { kind: 'context', name: value }
  return value === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: value }
}

/** For a stage whose base is not a stage: a stage that continues another runs where that one runs, whatever its flag says. */
function resolvePlatform(
  stage: Stage,
  base: StageSource,
  context: Context,
): { platform: string; runsOn: RunsOn } {
  const target = { platform: platformText(context.request.target), runsOn: 'target' } as const
  const flag = stage.from.platform
  if (!flag) return target
  const expanded = expandWord(context, context.global, flag.value ?? '', flag.valueRange)
  if (!expanded) return target
  const { value, platformArguments, unset } = expanded
  if (value === '') {
    problem(context, flag.range, '--platform is empty', {
      expected: 'a platform such as linux/amd64, or $BUILDPLATFORM',
      wantsArgument: unset.size > 0,
    })
    return target
  }
  // An empty base has no programs; BuildKit takes the target's platform for it.
  if (base.kind === 'scratch') return target
  const names = [...platformArguments]
  if (names.some((name) => name.startsWith('TARGET'))) return { platform: value, runsOn: 'target' }
  return { platform: value, runsOn: names.length > 0 ? 'build' : 'constant' }
}

function baseScope(base: StageSource, platform: string, { request }: Context): Scope {
  const environment = base.kind === 'image' ? request.baseEnvironment?.(base.reference, platform) : undefined
  const entries = Object.entries(environment ?? {})
  return new Map(
    entries.map(([name, value]) => [name, { value, origin: 'base', platformArguments: new Set() }]),
  )
}

function scopeAfter(instruction: Instruction, scope: Scope, context: Context): Scope {
  if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') return scope
  const after = new Map(scope)
  for (const pair of instruction.pairs) {
    const variable =
      instruction.keyword === 'ARG' ? argumentOf(pair, after, context) : environmentOf(pair, scope, context)
    const name = instruction.keyword === 'ENV' ? unquoted(pair.name.text, scope, context) : pair.name.text
    if (variable) after.set(name, variable)
  }
  return after
}

/** `ARG name` takes --build-arg, else its default, else the global argument of that name; undefined when there is none. */
function argumentOf({ name, value }: NamedValue, scope: Scope, context: Context): Variable | undefined {
  const given = context.request.buildArgs?.[name.text]
  if (given !== undefined) return argument({ value: given })
  if (value) return argument(expandWord(context, scope, value.text, value.range))
  return context.global.get(name.text)
}

/** All values of one ENV are expanded with the variables from before it. */
function environmentOf({ value }: NamedValue, scope: Scope, context: Context): Variable | undefined {
  if (!value) return undefined
  return { ...argument(expandWord(context, scope, value.text, value.range)), origin: 'environment' }
}

function unquoted(name: string, scope: Scope, context: Context): string {
  return /["'$\\`]/u.test(name)
    ? (expandWord(context, scope, name, { start: 0, end: 0 })?.value ?? name)
    : name
}

function argument(given: { value: string; platformArguments?: ReadonlySet<string> } | undefined): Variable {
  const { value = '', platformArguments = new Set<string>() } = given ?? {}
  return { value, origin: 'argument', platformArguments }
}

function sourcesOf(
  instruction: Instruction,
  stage: Stage,
  earlier: Earlier,
  context: Context,
): StageSource[] {
  if (instruction.keyword === 'COPY' && instruction.from?.value) {
    return [findSource(instruction.from.value, instruction.from.valueRange, stage, earlier, context)]
  }
  if (instruction.keyword !== 'RUN') return []
  return instruction.mounts.flatMap((mount) => {
    const from = mountField(mount, 'from')
    return from?.value ? [findSource(from.value, from.valueRange, stage, earlier, context)] : []
  })
}

function findSource(
  name: string,
  range: TextRange,
  stage: Stage,
  earlier: Earlier,
  context: Context,
): StageSource {
  if (name.includes('$')) {
    problem(context, range, 'variables are not expanded in from', {
      expected: 'the name of a stage: FROM takes variables',
    })
    return { kind: 'unresolved' }
  }
  const index = sourceIndex(name, context.dockerfile.stages)
  if (index !== undefined && index < earlier.length) return { kind: 'stage', index }
  if (index !== undefined || /^\d+$/u.test(name)) {
    const message =
      index === stage.index ? `${name} is this stage itself` : `${name} is not a stage before this one`
    problem(context, range, message, { expected: 'a stage that stands before this one' })
    return { kind: 'unresolved' }
  }
  if (context.request.contexts?.includes(name)) return { kind: 'context', name }
  return name === 'scratch' ? { kind: 'scratch' } : { kind: 'image', reference: name }
}

/** A number counts stages from 0; a name means the last stage of that name. */
function sourceIndex(name: string, stages: readonly Stage[]): number | undefined {
  if (/^\d+$/u.test(name)) return stages[Number(name)]?.index
  return stages.findLast((stage) => stage.name === name.toLowerCase())?.index
}

/** The expanded word; undefined, and a problem, when it cannot be expanded. */
function expandWord(context: Context, scope: Scope, word: string, range: TextRange): ScopedValue | undefined {
  try {
    return expandIn(scope, word, context.dockerfile.escape)
  } catch (error) {
    const wantsArgument = codeOf(error) === 'DOCKERFILE_REQUIRED'
    problem(context, range, messageOf(error), { wantsArgument })
    return undefined
  }
}

function problem(
  { problems, inStage }: Context,
  range: TextRange,
  message: string,
  { expected, wantsArgument = false }: { expected?: string; wantsArgument?: boolean },
): void {
  problems.push({
    message,
    range,
    wantsArgument,
    ...(expected === undefined ? {} : { expected }),
    ...(inStage === undefined ? {} : { inStage }),
  })
}
