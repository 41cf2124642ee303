/** The command line: one file per command, each registered here. Definitions are cheap; work is imported when it is run. */
import { Command, CommanderError } from 'commander'
import { exitCodes } from '../base/index.ts'
import { registerAddons } from './commands/addons.ts'
import { registerBuild } from './commands/build.ts'
import { registerCheck } from './commands/check.ts'
import { registerCompare } from './commands/compare.ts'
import { registerDoctor, registerSetup } from './commands/doctor.ts'
import { registerExplain } from './commands/explain.ts'
import { registerInit } from './commands/init.ts'
import { registerOptimize } from './commands/optimize.ts'
import { registerPlan } from './commands/plan.ts'
import { registerPublish } from './commands/publish.ts'
import { registerSmoke } from './commands/smoke.ts'
import { registerTags } from './commands/tags.ts'
import { registerVerify } from './commands/verify.ts'
import type { CommandContext } from './context.ts'
import { version } from './version.ts'

/** Registers a command; `finish` takes its exit code. */
export type RegisterCommand = (
  program: Command,
  context: CommandContext,
  finish: (exitCode: number) => void,
) => void

/** As `--help` lists them. */
const commands: Readonly<Record<string, readonly RegisterCommand[]>> = {
  'Make images:': [registerBuild, registerPlan, registerAddons, registerPublish, registerTags],
  'Prove images:': [registerVerify, registerSmoke, registerCompare],
  'Project files:': [registerCheck, registerInit, registerOptimize, registerExplain],
  'This machine:': [registerDoctor, registerSetup],
}

/** Parses the arguments, runs the command, resolves to the exit code. Never throws, never exits. */
export async function runProgram(args: readonly string[], context: CommandContext): Promise<number> {
  let exitCode: number = exitCodes.ok
  const program = defineProgram(context, (code) => (exitCode = code))
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const asked = error.code === 'commander.helpDisplayed' || error.code === 'commander.version'
    return asked ? exitCodes.ok : exitCodes.usage
  }
  return exitCode
}

/** The program with its commands. */
export function defineProgram(context: CommandContext, finish: (exitCode: number) => void): Command {
  const program = new Command('everyarch')
    .description('Ship a Node.js service to every CPU architecture its infrastructure runs.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) =>
        write(
          text.replace(
            /\n?$/,
            `\n  everyarch --help lists commands and options  (exit ${exitCodes.usage})\n`,
          ),
        ),
      getOutHelpWidth: () => context.stdout.columns,
      getErrHelpWidth: () => context.stderr.columns,
      getOutHasColors: () => context.stdout.colour,
      getErrHasColors: () => context.stderr.colour,
    })
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError()
  for (const [group, registers] of Object.entries(commands)) {
    program.commandsGroup(group)
    for (const register of registers) register(program, context, finish)
  }
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}
