/** What is asked of the stages of a Dockerfile. */
import {
  type Dockerfile,
  type ResolvedStage,
  runCommands,
  type ShellCommand,
  type StageGraph,
  type Step,
} from '../../dockerfile/index.ts'

export interface Executed {
  readonly stage: ResolvedStage
  readonly step: Step
  readonly command: ShellCommand
}

/** Every command of the RUN steps of the stages that the image needs; steps of ONBUILD triggers apart. */
export function executedCommands(graph: StageGraph): Executed[] {
  return neededStages(graph).flatMap(commandsOf)
}

/** Many rules ask for the commands of the same stage. */
const knownCommands = new WeakMap<ResolvedStage, Executed[]>()

export function commandsOf(stage: ResolvedStage): Executed[] {
  const known = knownCommands.get(stage)
  if (known) return known
  const commands = stage.steps.flatMap((step) =>
    step.instruction.keyword === 'RUN' && !step.onbuild
      ? runCommands(step.instruction).map((command) => ({ stage, step, command }))
      : [],
  )
  knownCommands.set(stage, commands)
  return commands
}

export function neededStages(graph: StageGraph): ResolvedStage[] {
  return graph.stages.filter((stage) => stage.reachable)
}

/** A stage and those it continues, the first one first. */
export function lineageOf(graph: StageGraph, stage: ResolvedStage): ResolvedStage[] {
  const parent = stage.base.kind === 'stage' ? graph.stages[stage.base.index] : undefined
  return parent ? [...lineageOf(graph, parent), stage] : [stage]
}

/** `stage deps`, or `stage 2` for one without a name. */
export function describeStage({ stage }: ResolvedStage): string {
  return `stage ${stage.name ?? String(stage.index)}`
}

/** Whether a stage is one of several from which the platform chooses: its own constants are right then. */
export function isChosenByPlatform(dockerfile: Dockerfile, stage: ResolvedStage): boolean {
  const { name } = stage.stage
  if (name === undefined) return false
  if (
    /(?:^|[-_.])(?:amd64|x86_64|x64|arm64|aarch64|arm|armv7|ppc64le|s390x|riscv64|386)(?:$|[-_.])/u.test(name)
  )
    return true
  return dockerfile.stages.some(
    ({ from }) =>
      from.image.text.includes('$') &&
      name.startsWith(from.image.text.split('$')[0] as string) &&
      !from.image.text.startsWith('$'),
  )
}

/** Copies from one stage into another: `COPY --from=stage`. */
export interface StageCopy {
  readonly to: ResolvedStage
  readonly from: ResolvedStage
  readonly step: Step
}

export function stageCopies(graph: StageGraph): StageCopy[] {
  return neededStages(graph).flatMap((to) =>
    to.steps.flatMap((step) => {
      const [source] = step.instruction.keyword === 'COPY' ? step.sources : []
      const from = source?.kind === 'stage' ? graph.stages[source.index] : undefined
      return from ? [{ to, from, step }] : []
    }),
  )
}

/** The working directory at a step, as far as it is written in the file. */
export function workingFolder(graph: StageGraph, stage: ResolvedStage, until?: Step): string {
  let folder = '/'
  for (const { steps } of lineageOf(graph, stage)) {
    for (const step of steps) {
      if (step === until) return folder
      const { instruction } = step
      const path = instruction.keyword === 'WORKDIR' ? (instruction.words[0]?.text ?? '') : ''
      if (path !== '') folder = absolute(folder, path)
    }
  }
  return folder
}

/** A path inside the image, absolute and without `.`, `..` and a slash at the end. */
export function absolute(folder: string, path: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Whether a copy from a stage brings its node_modules along: it names it, or a folder in which the stage installed. */
export function bringsNodeModules(
  graph: StageGraph,
  { from, step }: StageCopy,
  installFolders: readonly string[],
): boolean {
  if (step.instruction.keyword !== 'COPY') return false
  const folder = workingFolder(graph, from)
  return step.instruction.sources.some(({ text }) => {
    if (/(^|\/)node_modules(\/|$)/u.test(text)) return true
    // COPY --from takes paths from the root of the stage.
    const path = absolute('/', text)
    return (
      installFolders.some(
        (installed) => installed === path || installed.startsWith(`${path === '/' ? '' : path}/`),
      ) || path === folder
    )
  })
}

/** Folders that hold what a bundler or compiler of JavaScript wrote; `.next/standalone` brings node_modules along. */
export function isScriptOutput(path: string): boolean {
  const parts = path.split('/').filter(Boolean)
  const name = parts.at(-1) ?? ''
  return (
    /^(?:dist|out|public|static|assets)$/u.test(name) &&
    !parts.includes('node_modules') &&
    !parts.includes('.next')
  )
}
