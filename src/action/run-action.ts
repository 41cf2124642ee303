/** The main step of the action: cache, command, and what came of it for the workflow. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { codeOf, exitCodes } from '../base/index.ts'
import { commandLine } from './command-line.ts'
import { type CommandResult, commandResult } from './command-result.ts'
import type { ActionContext } from './context.ts'
import { addSummary, saveState, setOutput } from './file-commands.ts'
import { readInput, readSwitch } from './inputs.ts'
import { runCli } from './run-cli.ts'

export interface ActionOptions {
  /** the command line's program */
  readonly program: string
}

/**
 * Runs the command that the inputs ask for; resolves to the exit code of the step. Throws `ActionError` when the inputs are
 * wrong or the command does not start.
 */
export async function runAction({ program }: ActionOptions, context: ActionContext): Promise<number> {
  const { env } = context
  const args = commandLine(env)
  const withSummary = readSwitch(env, 'summary')
  const folder = await mkdtemp(join(env.RUNNER_TEMP || tmpdir(), 'everyarch-'))
  await saveState('folder', folder, context)
  const cached = readSwitch(env, 'runner-cache') && args[0] === 'build'
  const restored = cached ? await restore(context) : undefined
  const metadataFile = resolve(context.cwd, readInput(env, 'metadata-file') || join(folder, 'metadata.json'))
  const { exitCode, stdout, elapsed } = await runLogged(program, withReport(args, metadataFile, env), context)
  const result = commandResult(args[0] as string, stdout, { elapsed, folder: checkedFolder(context) })
  await tell(result, { stdout, folder, metadataFile, withSummary }, context)
  if (restored && exitCode === exitCodes.ok) await restored.keep()
  return exitCode
}

/** The command line with the options that the action sets itself, before the operands. */
function withReport(args: readonly string[], metadataFile: string, env: ActionContext['env']): string[] {
  const [command = '', ...others] = args
  const own = [
    '--json',
    ...(command === 'check' ? [] : ['--progress=plain']),
    ...(['build', 'publish'].includes(command) ? [`--metadata-file=${metadataFile}`] : []),
    ...(env.RUNNER_DEBUG === '1' ? ['--debug'] : []),
  ]
  return [command, ...own, ...others]
}

/** Runs it inside a group of the log in which nothing that it prints is taken for a command to the runner. */
async function runLogged(program: string, args: readonly string[], context: ActionContext) {
  const start = performance.now()
  const resume = randomUUID()
  context.write(`::group::everyarch ${args.join(' ').replaceAll(/\s+/gu, ' ')}\n::stop-commands::${resume}\n`)
  try {
    const { exitCode, stdout } = await runCli({ program, args }, context)
    return { exitCode, stdout, elapsed: performance.now() - start }
  } finally {
    context.write(`\n::${resume}::\n::endgroup::\n`)
  }
}

async function restore(context: ActionContext): Promise<{ keep(): Promise<void> }> {
  const { cacheEntry, restoreCache } = await import('./runner-cache.ts')
  const entry = await cacheEntry(context)
  const whole = await restoreCache(entry, context)
  return {
    // Entries never change: what was restored as a whole is not stored again.
    async keep() {
      if (whole) return
      await saveState('cacheFolder', entry.folder, context)
      await saveState('cacheKey', entry.key, context)
    },
  }
}

/** The folder of `check`, as annotations of the repository's files need it. */
function checkedFolder({ cwd, env }: ActionContext): string {
  const path = relative(env.GITHUB_WORKSPACE || cwd, resolve(cwd, readInput(env, 'path')))
  return isAbsolute(path) ? '' : path.split(sep).join('/')
}

async function tell(
  result: CommandResult,
  place: { stdout: string; folder: string; metadataFile: string; withSummary: boolean },
  context: ActionContext,
): Promise<void> {
  const report = join(place.folder, 'report.json')
  await writeFile(report, place.stdout)
  context.write(result.annotations)
  // A result quotes findings, and findings quote files: it is no command either.
  const resume = randomUUID()
  if (result.text) context.write(`::stop-commands::${resume}\n${result.text}\n::${resume}::\n`)
  for (const [name, value] of Object.entries(result.outputs)) await setOutput(name, value, context)
  if (result.outputs.digest) {
    const metadata = await readFile(place.metadataFile, 'utf8').catch((error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error
      return ''
    })
    await setOutput('metadata', metadata.trim(), context)
  }
  await setOutput('report', report, context)
  if (place.withSummary) await addSummary(result.summary, context)
}
