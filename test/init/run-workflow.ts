/**
 * Runs the jobs of a GitHub workflow as far as that is possible off GitHub: conditions on the event, the rows of a matrix, and
 * each `run` step in bash, as the runner does. Artifacts go through a folder; other actions set up what is there already.
 */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { EngineError, run } from '../engines/run.ts'

interface Step {
  name?: string
  uses?: string
  run?: string
  with?: Record<string, string>
  env?: Record<string, string>
}

interface Job {
  if?: string
  needs?: string
  strategy?: { matrix: { include: Record<string, string>[] } }
  env?: Record<string, string>
  steps: Step[]
}

export interface WorkflowRun {
  /** the checked-out project; each job gets a copy */
  project: string
  event: 'push' | 'pull_request'
  /** variables of the runner */
  env: Readonly<Record<string, string>>
}

/** Resolves to the names of the `run` steps that ran, in order. Throws `EngineError` with what a failing step printed. */
export async function runWorkflow(text: string, { project, event, env }: WorkflowRun): Promise<string[]> {
  const workflow = parse(text) as { env: Record<string, string>; jobs: Record<string, Job> }
  const work = await mkdtemp(join(tmpdir(), 'everyarch-workflow-'))
  const artifacts = join(work, 'artifacts')
  await mkdir(artifacts)
  const finished = new Set<string>()
  const ran: string[] = []
  try {
    for (const [id, job] of Object.entries(workflow.jobs)) {
      if (!applies(job, event, finished)) continue
      for (const row of job.strategy?.matrix.include ?? [{}]) {
        const folder = join(work, `${id}-${ran.length}`)
        await cp(project, folder, { recursive: true })
        for (const step of job.steps) {
          const variables = filled({ ...workflow.env, ...job.env, ...step.env }, row)
          const artifact = filled(step.with ?? {}, row)
          if (step.uses?.includes('upload-artifact')) {
            await cp(join(folder, artifact.path ?? ''), join(artifacts, artifact.path ?? ''))
          } else if (step.uses?.includes('download-artifact')) {
            await cp(artifacts, folder, { recursive: true })
          } else if (step.run !== undefined) {
            if (step.run.includes('${{')) throw new EngineError(`an expression in a script: ${step.run}`)
            await runStep(step.run, folder, { ...env, ...variables, GITHUB_EVENT_NAME: event })
            ran.push(step.name ?? step.run)
          }
        }
      }
      finished.add(id)
    }
    return ran
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Without `always()` a job whose `needs` did not run does not run either. */
function applies({ if: condition, needs }: Job, event: string, finished: ReadonlySet<string>): boolean {
  if (needs !== undefined && !finished.has(needs)) return false
  if (condition === undefined) return true
  const [, operator, name] = /^github\.event_name (==|!=) '(\w+)'$/.exec(condition) ?? []
  if (operator === undefined) throw new EngineError(`a condition that is not understood: ${condition}`)
  return (operator === '==') === (event === name)
}

/** YAML has numbers and booleans where the runner has texts. */
function filled(values: Record<string, unknown>, row: Record<string, string>): Record<string, string> {
  const fill = (text: string) =>
    text.replaceAll(/\$\{\{ matrix\.(\w+) \}\}/g, (_, name: string) => row[name] ?? '')
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, fill(`${value as string | number | boolean}`)]),
  )
}

/** As the runner does it: a script file, `bash --noprofile --norc -eo pipefail`. */
async function runStep(script: string, cwd: string, env: Record<string, string>): Promise<void> {
  const file = join(tmpdir(), `everyarch-step-${process.pid}-${Date.now()}.sh`)
  await writeFile(file, script)
  try {
    await run('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], { cwd, env })
  } finally {
    await rm(file, { force: true })
  }
}
