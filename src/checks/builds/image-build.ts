/** A build of an image that the project's automation asks for: what it says about platforms, tags, caches and output. */
import type { TextRange } from '../../base/index.ts'
import type { MatrixRow, WorkflowJob, WorkflowStep } from '../../workflow/index.ts'
import { folderOf, joinPath, type ProjectFile } from '../project-file.ts'

/** One setting as it was written; expressions of the job matrix are filled in `text`. */
export interface Setting {
  readonly text: string
  readonly range: TextRange
}

export interface ImageBuild {
  readonly origin: 'action' | 'command' | 'bake' | 'compose'
  readonly file: ProjectFile
  /** the step, target or service */
  readonly range: TextRange
  readonly job?: WorkflowJob
  readonly step?: WorkflowStep
  readonly row?: MatrixRow
  /** the platforms that it names: empty when it names none, undefined when they are not known here */
  readonly platforms: readonly string[] | undefined
  readonly platformSetting?: Setting
  /** paths relative to the project; undefined when they are not known or the context is remote */
  readonly context: string | undefined
  readonly dockerfile: string | undefined
  readonly target?: string
  readonly tags: readonly Setting[]
  /** whether it pushes: undefined when an expression decides */
  readonly push: boolean | undefined
  readonly load: boolean | undefined
  readonly outputs: readonly Setting[]
  readonly cacheTo: readonly Setting[]
  readonly cacheFrom: readonly Setting[]
}

/** The path of the Dockerfile that a build uses, relative to the project. */
export function dockerfileOf(build: ImageBuild): string | undefined {
  if (build.dockerfile !== undefined) return build.dockerfile
  return build.context === undefined ? undefined : joinPath(build.context, 'Dockerfile')
}

/** A context as a path relative to the project; undefined for what is no folder of it. */
export function contextPath(text: string, base: ProjectFile | undefined): string | undefined {
  if (/[$]|:\/\/|^git@|\{\{/u.test(text)) return undefined
  return joinPath(base ? folderOf(base.path) : '', text === '' ? '.' : text)
}

/** `type=gha,scope=x` as a map; the type of a bare reference is `registry`. */
export function optionsOf(setting: string): ReadonlyMap<string, string> {
  if (!setting.includes('='))
    return new Map([
      ['type', 'registry'],
      ['ref', setting],
    ])
  return new Map(
    setting.split(',').map((field) => {
      const equals = field.indexOf('=')
      return equals === -1
        ? [field.trim(), '']
        : [field.slice(0, equals).trim(), field.slice(equals + 1).trim()]
    }),
  )
}

/** A list of platforms as it is written in one string; undefined when an expression is part of it. */
export function platformList(text: string): string[] | undefined {
  if (/[${]/u.test(text)) return undefined
  return text
    .split(/[\s,]+/u)
    .map((platform) => platform.trim())
    .filter(Boolean)
}

/** The architecture of the machine that a job runs on, where its labels say it. */
export function runnerArchitecture(
  build: Pick<ImageBuild, 'job' | 'row'>,
  fill: (text: string) => string,
): string | undefined {
  const labels = (build.job?.runsOn ?? []).map((label) => fill(label).toLowerCase())
  if (labels.some((label) => label.includes('${{'))) return undefined
  if (labels.some((label) => /(^|[-_])(arm64|aarch64|arm)($|[-_])/u.test(label))) return 'arm64'
  const hosted = labels.some((label) => /^(ubuntu|windows)-/u.test(label) || label === 'x64')
  return hosted ? 'amd64' : undefined
}
