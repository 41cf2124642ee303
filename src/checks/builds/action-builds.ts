/** Builds by docker/build-push-action (and docker/bake-action's own settings are in the bake file). */
import {
  type GithubWorkflow,
  type MatrixRow,
  substitute,
  type WorkflowJob,
  type WorkflowStep,
  type YamlScalar,
} from '../../workflow/index.ts'
import { joinPath, type ProjectFile } from '../project-file.ts'
import { contextPath, type ImageBuild, platformList, type Setting } from './image-build.ts'

/** Every build step, once for each row of its job's matrix. */
export function actionBuilds(file: ProjectFile, workflow: GithubWorkflow): ImageBuild[] {
  return workflow.jobs.flatMap((job) =>
    job.steps
      .filter((step) => step.uses?.name === 'docker/build-push-action')
      .flatMap((step) =>
        (job.rows ?? [new Map<string, string>()]).map((row) => toBuild(file, workflow, job, step, row)),
      ),
  )
}

/** The values of expressions that are known for a row of a job: its matrix, and the literals of `env`. */
export function knownValues(
  workflow: GithubWorkflow | undefined,
  job: WorkflowJob,
  row: MatrixRow,
): ReadonlyMap<string, string> {
  const matrix = [...row].map(([name, value]) => [`matrix.${name}`, value] as const)
  const environment = [...(workflow?.environment ?? []), ...job.environment].flatMap(([name, value]) =>
    value.text.includes('${{') ? [] : [[`env.${name}`, value.text] as const],
  )
  return new Map([...environment, ...matrix])
}

function toBuild(
  file: ProjectFile,
  workflow: GithubWorkflow,
  job: WorkflowJob,
  step: WorkflowStep,
  row: MatrixRow,
): ImageBuild {
  const values = knownValues(workflow, job, row)
  const input = (name: string) => {
    const scalar = step.inputs.get(name)
    return scalar && { text: substitute(scalar.text, values), range: scalar.range }
  }
  const platforms = input('platforms')
  const contextInput = input('context')
  // Without `context` the action builds what Git has at this commit: the repository's root.
  const context = contextPath(contextInput?.text ?? '.', undefined)
  const dockerfile = input('file')
  const target = input('target')
  return {
    origin: 'action',
    file,
    range: step.range,
    job,
    step,
    row,
    platforms: platforms ? platformList(platforms.text) : [],
    ...(platforms ? { platformSetting: platforms } : {}),
    context,
    dockerfile: dockerfile && !dockerfile.text.includes('$') ? joinPath('', dockerfile.text) : undefined,
    ...(dockerfile?.text.includes('$') ? { context: undefined } : {}),
    ...(target ? { target: target.text } : {}),
    tags: lines(step.inputs.get('tags'), values),
    push: toBoolean(step.inputs.get('push')),
    load: toBoolean(step.inputs.get('load')),
    outputs: lines(step.inputs.get('outputs'), values),
    cacheTo: lines(step.inputs.get('cache-to'), values),
    cacheFrom: lines(step.inputs.get('cache-from'), values),
  }
}

/** The non-empty lines of a list input, each with its place. */
export function lines(scalar: YamlScalar | undefined, values: ReadonlyMap<string, string>): Setting[] {
  if (!scalar) return []
  const found: Setting[] = []
  let at = 0
  for (const line of scalar.text.split('\n')) {
    const start = at + (line.length - line.trimStart().length)
    const text = line.trim()
    if (text !== '')
      found.push({ text: substitute(text, values), range: scalar.source.range(start, start + text.length) })
    at += line.length + 1
  }
  return found
}

function toBoolean(scalar: YamlScalar | undefined): boolean | undefined {
  if (!scalar) return false
  if (scalar.text === 'true') return true
  return scalar.text === 'false' ? false : undefined
}
