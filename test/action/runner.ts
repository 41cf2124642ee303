/** Runs the action as GitHub's runner does: action.yml, INPUT_… variables, files for outputs and state, workflow commands. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'

const root = resolve(import.meta.dirname, '../..')

interface ActionDefinition {
  inputs: Record<string, { description: string; default?: string }>
  outputs: Record<string, { description: string }>
  runs: { using: string; main: string; post: string; 'post-if': string }
}

export interface StepResult {
  exitCode: number
  log: string
  outputs: Record<string, string>
  summary: string
  /** workflow commands that the runner obeys, in order: `error title=x::text` */
  commands: string[]
}

export interface Job {
  /** folder that the runner calls RUNNER_TEMP */
  readonly temp: string
  /** The main step. */
  run(inputs: Readonly<Record<string, string>>, options?: StepOptions): Promise<StepResult>
  /** What the runner does when the job ends. */
  finish(options?: StepOptions): Promise<StepResult>
  remove(): Promise<void>
}

export interface StepOptions {
  env?: NodeJS.ProcessEnv
  /** called once with the process, to send it signals */
  onStart?: (kill: (signal: NodeJS.Signals) => void, log: () => string) => void
}

async function actionDefinition(): Promise<ActionDefinition> {
  return parse(await readFile(join(root, 'action.yml'), 'utf8')) as ActionDefinition
}

/** A job in a workspace, for the bundle in `bundle` (what action.yml calls dist/action), on a runner that brings `node`. */
export async function startJob(
  bundle: string,
  workspace: string,
  node: string = process.execPath,
): Promise<Job> {
  const temp = await mkdtemp(join(tmpdir(), 'everyarch-runner-'))
  const definition = await actionDefinition()
  let state: Record<string, string> = {}
  const step = async (file: string, env: NodeJS.ProcessEnv, options: StepOptions) => {
    const files = join(temp, '_runner_file_commands', String(performance.now()))
    await mkdir(files, { recursive: true })
    const names = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY']
    for (const name of names) await writeFile(join(files, name), '')
    const paths = Object.fromEntries(names.map((name) => [name, join(files, name)]))
    const runner = { RUNNER_TEMP: temp, GITHUB_WORKSPACE: workspace, GITHUB_ACTIONS: 'true', CI: 'true' }
    const path = join(bundle, file.replace('dist/action/', ''))
    const child = spawn(node, [path], {
      cwd: workspace,
      env: { ...process.env, ...runner, ...env, ...paths, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let log = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (log += text))
    }
    options.onStart?.(
      (signal) => child.kill(signal),
      () => log,
    )
    const [exitCode] = (await once(child, 'close')) as [number]
    const read = (name: string) => readFile(join(files, name), 'utf8')
    state = { ...state, ...keyValues(await read('GITHUB_STATE')) }
    return {
      exitCode,
      log,
      outputs: keyValues(await read('GITHUB_OUTPUT')),
      summary: await read('GITHUB_STEP_SUMMARY'),
      commands: obeyedCommands(log),
    }
  }
  return {
    temp,
    run(given, options = {}) {
      const unknown = Object.keys(given).filter((name) => !(name in definition.inputs))
      if (unknown.length > 0) throw new TypeError(`action.yml has no input ${unknown.join(', ')}`)
      const env = Object.entries(definition.inputs).map(([name, { default: usual = '' }]) => [
        `INPUT_${name.toUpperCase()}`,
        given[name] ?? usual,
      ])
      return step(definition.runs.main, Object.fromEntries(env) as NodeJS.ProcessEnv, options)
    },
    finish(options = {}) {
      const env = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])
      return step(definition.runs.post, Object.fromEntries(env) as NodeJS.ProcessEnv, options)
    },
    remove: () => rm(temp, { recursive: true, force: true }),
  }
}

/** `name<<END`, lines, `END`: the form for values of any content. */
function keyValues(text: string): Record<string, string> {
  const values: Record<string, string> = {}
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const [name, end] = (lines[index] as string).split('<<')
    if (!name || end === undefined) continue
    const from = index + 1
    index = lines.indexOf(end, from)
    if (index === -1) throw new TypeError(`the value of ${name} has no end`)
    values[name] = lines.slice(from, index).join('\n')
  }
  return values
}

/** Between `stop-commands` and its word the runner prints commands and does not obey them. */
function obeyedCommands(log: string): string[] {
  const obeyed: string[] = []
  let resume: string | undefined
  for (const line of log.split(/\r?\n/u)) {
    if (resume !== undefined) {
      if (line.trim() === `::${resume}::`) resume = undefined
      continue
    }
    const stop = /^::stop-commands::(.+)$/u.exec(line)
    if (stop) resume = stop[1]
    else if (/^::\w/u.test(line)) obeyed.push(line.slice(2))
  }
  return obeyed
}
