/** What every command does around its work: an exit code from findings, failures as text or JSON. */
import { exitCodeOf } from '../base/index.ts'
import type { CommandContext } from './context.ts'
import { failureJson, failureText } from './failure.ts'

export interface CommonOptions {
  json?: boolean
  debug?: boolean
}

/**
 * Runs a command's work, which returns the exit code (0, or 1 for findings); a failure is reported here and mapped to its
 * exit code.
 */
export async function runCommand(
  context: CommandContext,
  options: CommonOptions,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work()
  } catch (error) {
    const debug = options.debug ?? Boolean(context.env.EVERYARCH_DEBUG)
    if (options.json) context.stdout.write(failureJson(error))
    context.stderr.write(failureText(error, { colour: context.stderr.colour, debug }))
    return exitCodeOf(error)
  }
}
