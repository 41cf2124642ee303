/** What rules ask of the jobs of GitHub workflows. */
import { type ShellCommand, shellCommands } from '../../dockerfile/index.ts'
import { architectureOf } from '../../forecast/index.ts'
import { type GithubWorkflow, substitute, type WorkflowJob, type WorkflowStep } from '../../workflow/index.ts'
import { knownValues } from '../builds/action-builds.ts'
import { type ImageBuild, optionsOf, runnerArchitecture } from '../builds/image-build.ts'
import type { CheckedProject } from '../checked-project.ts'
import type { ProjectFile } from '../project-file.ts'

export interface JobInFile {
  readonly file: ProjectFile
  readonly workflow: GithubWorkflow
  readonly job: WorkflowJob
}

export function jobsOf(project: CheckedProject): JobInFile[] {
  return project.workflows.flatMap(({ file, content }) =>
    content ? content.jobs.map((job) => ({ file, workflow: content, job })) : [],
  )
}

/** The builds of a job: those of its steps, once for each row of the matrix, and those of its scripts. */
export function buildsOf({ buildsByJob }: CheckedProject, job: WorkflowJob): readonly ImageBuild[] {
  return buildsByJob.get(job) ?? []
}

/** A build that pushes under a tag, for everybody to pull; one that does so only for some events counts. */
export function pushesTag(build: ImageBuild): boolean {
  const pushing = build.push !== false || build.outputs.some(({ text }) => isPush(optionsOf(text)))
  return pushing && build.tags.length > 0 && !pushesByDigest(build)
}

/** A build whose image goes to a registry, under a tag or by digest. */
export function pushesImage(build: ImageBuild): boolean {
  return (
    pushesTag(build) || (pushesByDigest(build) && build.outputs.some(({ text }) => isPush(optionsOf(text))))
  )
}

/** The repositories that a build pushes to, as far as they are known. */
export function repositoriesOf({ tags, outputs }: ImageBuild): string[] {
  const names = [
    ...tags.map(({ text }) => text),
    ...outputs.flatMap(({ text }) => optionsOf(text).get('name') ?? []),
  ]
  return [...new Set(names.filter((name) => !/[${]/u.test(repositoryOf(name))).map(repositoryOf))]
}

function pushesByDigest(build: ImageBuild): boolean {
  return build.outputs.some(({ text }) => optionsOf(text).get('push-by-digest') === 'true')
}

function isPush(options: ReadonlyMap<string, string>): boolean {
  return options.get('type') === 'registry' || options.get('push') === 'true'
}

/** The architecture of the machine that a build runs on, where the job's labels say it. */
export function runnerOf(build: ImageBuild): string | undefined {
  const values =
    build.job && build.row ? knownValues(undefined, build.job, build.row) : new Map<string, string>()
  return runnerArchitecture(build, (text) => substitute(text, values))
}

/** Whether every platform of the build is that of its runner. */
export function isNative(build: ImageBuild): boolean {
  const own = runnerOf(build)
  return (
    own !== undefined &&
    (build.platforms ?? []).length > 0 &&
    (build.platforms ?? []).every((platform) => architectureOf(platform) === own)
  )
}

export interface ScriptCommand {
  readonly step: WorkflowStep
  readonly command: ShellCommand
}

/** Many rules ask for the commands of the same job. */
const knownCommands = new WeakMap<WorkflowJob, ScriptCommand[]>()

/** The commands of a job's scripts, in order. */
export function scriptCommands(job: WorkflowJob): ScriptCommand[] {
  const known = knownCommands.get(job)
  if (known) return known
  const commands = job.steps.flatMap((step) =>
    step.run ? shellCommands(step.run.source).map((command) => ({ step, command })) : [],
  )
  knownCommands.set(job, commands)
  return commands
}

/** The words of a command as one text, for looking at its beginning. */
export function commandText(command: ShellCommand): string {
  return command.words.map(({ text }) => text).join(' ')
}

/** Whether a job publishes an index from parts: the last step of a build that was split by platform. */
export function mergesPlatforms(job: WorkflowJob): boolean {
  return scriptCommands(job).some(({ command }) =>
    /^docker (?:buildx imagetools create|manifest (?:create|push))\b/u.test(commandText(command)),
  )
}

/** The repository of a tag: without tag and digest. */
export function repositoryOf(reference: string): string {
  const [name = ''] = reference.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}
