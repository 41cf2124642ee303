/** The builds of a project's pipeline, those by everyarch included, as the checklist looks at them. */
import { type ShellCommand, shellCommands } from '../../dockerfile/index.ts'
import { substitute, type WorkflowJob, type WorkflowStep } from '../../workflow/index.ts'
import { knownValues } from '../builds/action-builds.ts'
import { type ImageBuild, platformList, runnerArchitecture } from '../builds/image-build.ts'
import type { CheckedProject } from '../checked-project.ts'
import { jobsOf } from '../facts/workflow-jobs.ts'
import { joinPath, type ProjectFile } from '../project-file.ts'

export interface PipelineBuild {
  /** `everyarch` is its direct engine: it emulates nothing and needs no builder. With a Dockerfile it drives buildx, too */
  readonly by: 'buildx' | 'everyarch'
  /** `file:line` */
  readonly place: string
  /** undefined when they are not known here */
  readonly platforms: readonly string[] | undefined
  /** the architecture of the machine that it runs on, where the job says it */
  readonly runner: string | undefined
  /** the steps of its job; empty outside of GitHub workflows */
  readonly steps: readonly WorkflowStep[]
  readonly step?: WorkflowStep
  /** what its caches are written to, as it is written */
  readonly cacheTo: readonly string[]
}

/** The builds that publish, by buildx and by everyarch; where none of one kind is known to, all of that kind. */
export function pipelineBuilds(project: CheckedProject): PipelineBuild[] {
  const jobs = jobsOf(project)
  const byEveryarch = publishingOnes(jobs.flatMap((found) => everyarchBuilds(project, found)))
  // Beside a pipeline of everyarch's own a bake file is for laptops, unless a job names it.
  const isUsed = (origin: ImageBuild['origin']) =>
    origin !== 'compose' &&
    (origin !== 'bake' || byEveryarch.length === 0 || jobs.some(({ job }) => bakes(job)))
  const others = project.builds.filter(({ origin }) => isUsed(origin))
  const publishing = others.filter(
    ({ push, outputs }) => push !== false || outputs.some(({ text }) => /registry|push=/u.test(text)),
  )
  return [...(publishing.length > 0 ? publishing : others).map(ofBuildx), ...byEveryarch]
}

function bakes({ steps }: WorkflowJob): boolean {
  return steps.some(
    ({ uses, inputs, run }) =>
      uses?.name === 'docker/bake-action' || inputs.has('bake') || /\bbake\b/u.test(run?.text ?? ''),
  )
}

function publishingOnes(builds: readonly EveryarchBuild[]): PipelineBuild[] {
  const publishing = builds.filter(({ publishes }) => publishes)
  return (publishing.length > 0 ? publishing : builds).map(({ build }) => build)
}

function ofBuildx(build: ImageBuild): PipelineBuild {
  const { file, range, job, row, step, cacheTo } = build
  return {
    by: 'buildx',
    place: placeOf(file, range.start),
    // Without a setting it is the platform of the machine.
    platforms: build.platforms,
    runner: runnerArchitecture(build, (text) =>
      job && row ? substitute(text, knownValues(undefined, job, row)) : text,
    ),
    steps: job?.steps ?? [],
    ...(step ? { step } : {}),
    cacheTo: cacheTo.map(({ text }) => text),
  }
}

type JobInFile = ReturnType<typeof jobsOf>[number]

interface EveryarchBuild {
  readonly build: PipelineBuild
  readonly publishes: boolean
}

function everyarchBuilds(project: CheckedProject, { file, workflow, job }: JobInFile): EveryarchBuild[] {
  return (job.rows ?? [new Map<string, string>()]).flatMap((row) => {
    const values = knownValues(workflow, job, row)
    return job.steps.flatMap((step) => {
      const asked = everyarchStep(step)
      if (!asked) return []
      const variables = new Map([...workflow.environment, ...job.environment, ...step.environment])
      // Scripts take values from their environment, so that no expression stands inside of them.
      const fill = (text: string) =>
        substitute(
          text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/gu, (word, braced?: string, bare?: string) => {
            return variables.get(braced ?? bare ?? '')?.text ?? word
          }),
          values,
        )
      const { platform } = asked
      const build: PipelineBuild = {
        by: usesDockerfile(project, asked) ? 'buildx' : 'everyarch',
        place: placeOf(file, step.range.start),
        platforms: platform === undefined ? project.platforms : platformList(fill(platform)),
        runner: runnerArchitecture({ job, row }, fill),
        steps: job.steps,
        step,
        cacheTo: asked.cacheTo.map(fill),
      }
      return [{ build, publishes: asked.publishes }]
    })
  })
}

interface EveryarchStep {
  folder: string
  engine: string
  platform: string | undefined
  cacheTo: readonly string[]
  publishes: boolean
}

/** What a step that builds with everyarch says; undefined for every other step. */
function everyarchStep({ uses, inputs, run }: WorkflowStep): EveryarchStep | undefined {
  if (uses?.name.endsWith('/everyarch')) {
    const input = (name: string) => inputs.get(name)?.text
    if ((input('command') ?? 'build') !== 'build') return undefined
    const cacheTo = (input('cache-to') ?? '').split('\n').filter((line) => line.trim() !== '')
    const [folder, engine] = [input('path') ?? '', input('engine') ?? 'auto']
    const publishes = [input('push'), input('push-by-digest')].some(
      (value) => value !== undefined && value !== 'false',
    )
    return { folder, engine, platform: input('platform'), cacheTo, publishes }
  }
  const command = run && publishingCommand(shellCommands(run.source).filter(isEveryarchBuild))
  if (!command) return undefined
  const words = command.words.map(({ text }) => text)
  const flags = (name: string) =>
    words.flatMap((word, at) =>
      word === name ? (words[at + 1] ?? []) : word.startsWith(`${name}=`) ? word.slice(name.length + 1) : [],
    )
  const folder = words[words.indexOf('build') + 1] ?? ''
  return {
    folder: folder.startsWith('-') ? '' : folder,
    engine: flags('--engine')[0] ?? 'auto',
    platform: flags('--platform')[0],
    cacheTo: flags('--cache-to'),
    publishes: words.includes('--push') || words.includes('--push-by-digest'),
  }
}

/** A script may build twice, for tests and to publish. */
function publishingCommand(commands: readonly ShellCommand[]): ShellCommand | undefined {
  return commands.find(({ words }) => words.some(({ text }) => text.startsWith('--push'))) ?? commands[0]
}

/** What `--engine auto` does: it builds from the Dockerfile of the folder when there is one. */
function usesDockerfile(project: CheckedProject, { folder, engine }: EveryarchStep): boolean {
  if (engine !== 'auto') return engine !== 'direct'
  const path = joinPath(folder, 'Dockerfile')
  return path !== undefined && project.files.has(path)
}

/** `everyarch build`, `npx everyarch@1 build`, `node_modules/.bin/everyarch build`. */
function isEveryarchBuild({ words }: ShellCommand): boolean {
  const at = words.findIndex(({ text }) => /(?:^|\/)everyarch(?:@[\w.^~-]+)?$/u.test(text))
  return at !== -1 && words[at + 1]?.text === 'build'
}

function placeOf(file: ProjectFile, offset: number): string {
  return `${file.path}:${file.lines.position(offset).line}`
}

/** Whether a job's step uses one of these actions. */
export function usesAction(steps: WorkflowJob['steps'], ...names: string[]): boolean {
  return steps.some(({ uses }) => uses !== undefined && names.includes(uses.name))
}
