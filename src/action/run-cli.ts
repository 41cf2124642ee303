/** Runs the command line, which stands beside the action's own bundle, in a process of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { satisfies } from 'semver'
import packageJson from '../../package.json' with { type: 'json' }
import { codeOf, messageOf } from '../base/index.ts'
import { ActionError } from './action-error.ts'
import type { ActionContext } from './context.ts'

export interface CliRun {
  readonly program: string
  readonly args: readonly string[]
}

export interface CliResult {
  readonly exitCode: number
  /** what it wrote to standard output */
  readonly stdout: string
}

/**
 * Runs it with the Node.js that the job set up, so that build scripts see that one and not the runner's own. Its standard error
 * goes to the log as it comes. When the run is cancelled the command is asked to stop, and waited for.
 * Throws `ACTION_NOT_STARTED`.
 */
export async function runCli({ program, args }: CliRun, context: ActionContext): Promise<CliResult> {
  const env = commandEnvironment(args, context.env)
  const node = await nodeOfJob(env)
  const child = spawn(node, [program, ...args], { cwd: context.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const stop = () => child.kill('SIGINT')
  context.signal.addEventListener('abort', stop, { once: true })
  try {
    return await resultOf(child, context)
  } catch (cause) {
    throw new ActionError('ACTION_NOT_STARTED', `${node} could not be run: ${messageOf(cause)}`, {
      kind: 'environment',
      cause,
    })
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

async function resultOf(child: ChildProcess, context: ActionContext): Promise<CliResult> {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => context.write(text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { exitCode: code ?? 1, stdout: Buffer.concat(chunks).toString('utf8') }
}

/**
 * The environment of the step without what only actions are given: the inputs, and the token of the runner's cache and artifact
 * services, which a package's install script could fill other jobs' caches with. Only a build that itself exports its cache
 * there (`type=gha`) needs it.
 */
export function commandEnvironment(
  args: readonly string[],
  env: ActionContext['env'],
): Record<string, string | undefined> {
  const usesService = args.some((argument) => /\btype=gha\b/u.test(argument))
  const service = /^ACTIONS_(RUNTIME_|RESULTS_URL$|CACHE_)/u
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(INPUT|STATE)_/u.test(name) && name !== 'GITHUB_STATE' && (usesService || !service.test(name)),
  )
  return { FORCE_COLOR: '1', ...Object.fromEntries(kept) }
}

/** The `node` of the PATH when everyarch runs on it, else the one that runs the action. */
async function nodeOfJob(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('node', ['--version'], { env, timeout: 60_000 })
    return satisfies(stdout.trim(), packageJson.engines.node) ? 'node' : process.execPath
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    return process.execPath
  }
}
