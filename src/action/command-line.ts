/**
 * From the inputs of a step to the arguments of a command. Inputs are called as the command's options are, so there is no table
 * that could fall behind: `push: true` is `--push`, and each line of `tag` is a `--tag`.
 */
import type { Argument, Command, Option } from 'commander'
import { commandDefinitions } from '../cli/index.ts'
import { ActionError } from './action-error.ts'
import { readInput, readSwitch } from './inputs.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** What the input `command` may say. */
export const actionCommands = ['build', 'publish', 'verify', 'smoke', 'check'] as const

/** Options that the action decides itself, and arguments that it does not offer, each with the reason. */
const withoutInput: Readonly<Record<string, string>> = {
  json: 'the action always reads the report, and hands it on as the output `report`',
  debug: 'set by the runner when a job is run again with debug logging',
  progress: 'the log of a step is no terminal',
  format: 'findings become annotations; the report is an output',
  sarif: 'findings become annotations; the report is an output',
  github: 'findings become annotations',
  'write-baseline': 'a baseline is written once, by hand, and committed',
  command: 'a command in the image needs quoting that an input does not have; use http, tcp or log',
}

/** One thing that a command takes, as an input. */
export interface CommandInput {
  readonly name: string
  /** a `list` takes one value on each line; a `choice` is true or false, and has an option for each */
  readonly kind: 'switch' | 'choice' | 'value' | 'list'
  /** `--name`; arguments without one stand for themselves */
  readonly flag?: string
}

/** The inputs of a command: its arguments, then its options. */
export function inputsOf(command: Command): CommandInput[] {
  const flags = new Set(command.options.map(({ long }) => long))
  const offered = ({ name, flag }: CommandInput) =>
    !Object.hasOwn(withoutInput, name) &&
    !(flag && flags.has(flag.replace('--no-', '--')) && flag.startsWith('--no-'))
  return [
    ...command.registeredArguments.map(argumentInput),
    ...command.options.map((option) => optionInput(option, flags)),
  ].filter(offered)
}

/** The definition of a command. Throws `ACTION_COMMAND_UNKNOWN`. */
export function definitionOf(name: string): Command {
  const offered: readonly string[] = actionCommands
  const definition = commandDefinitions().find((command) => command.name() === name)
  if (definition && offered.includes(name)) return definition
  throw new ActionError('ACTION_COMMAND_UNKNOWN', `input command: ${name} is not a command of the action`, {
    kind: 'usage',
    hint: `one of ${offered.join(', ')}`,
  })
}

/**
 * The arguments that a step's inputs stand for. Throws `ActionError`: the command is not known, an input is for another command
 * or has a value that it cannot have.
 */
export function commandLine(env: Environment): string[] {
  const command = definitionOf(readInput(env, 'command') || 'build')
  const inputs = inputsOf(command)
  refuseMisplaced(command, inputs, env)
  const flags = inputs.filter(({ flag }) => flag !== undefined).flatMap((input) => argumentsFor(input, env))
  const operands = inputs.filter(({ flag }) => flag === undefined).flatMap((input) => valuesOf(input, env))
  // After `--` nothing is an option, whatever a path or image is called.
  return [command.name(), ...flags, ...(operands.length > 0 ? ['--', ...operands] : [])]
}

function argumentInput(argument: Argument): CommandInput {
  return { name: argument.name(), kind: argument.variadic ? 'list' : 'value' }
}

function optionInput(option: Option, flags: ReadonlySet<string | undefined>): CommandInput {
  const flag = option.long as string
  const name = flag.slice(2)
  if (option.required || option.optional) return { name, kind: isList(option) ? 'list' : 'value', flag }
  return { name, kind: flags.has(`--no-${name}`) ? 'choice' : 'switch', flag }
}

/** Options that may be repeated gather what they are given in an array. */
function isList({ parseArg }: Option): boolean {
  try {
    return Array.isArray(parseArg?.('1', undefined))
  } catch {
    return false
  }
}

function argumentsFor(input: CommandInput, env: Environment): string[] {
  const { name, kind, flag } = input
  if (kind === 'switch') return readSwitch(env, name) ? [flag as string] : []
  if (kind === 'choice' && readInput(env, name) === '') return []
  if (kind === 'choice') return [readSwitch(env, name) ? (flag as string) : `--no-${name}`]
  return valuesOf(input, env).map((value) => `${flag}=${value}`)
}

function valuesOf({ name, kind }: CommandInput, env: Environment): string[] {
  const values = readInput(env, name)
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  if (kind !== 'list' && values.length > 1) {
    throw new ActionError(
      'ACTION_INPUT_INVALID',
      `input ${name} takes one value, and has ${values.length} lines`,
      {
        kind: 'usage',
        hint: 'only lists take one value on each line',
      },
    )
  }
  return values
}

/** An input that the command would not see is a mistake: `push` says what a `verify` does not do. */
function refuseMisplaced(command: Command, inputs: readonly CommandInput[], env: Environment): void {
  const own = new Set(inputs.map(({ name }) => name))
  for (const other of actionCommands) {
    for (const { name, kind } of inputsOf(definitionOf(other))) {
      // `push: false` with another command says what that does anyway.
      const given = kind === 'switch' ? readSwitch(env, name) : readInput(env, name) !== ''
      if (!given || own.has(name)) continue
      throw new ActionError('ACTION_INPUT_MISPLACED', `input ${name} is not for ${command.name()}`, {
        kind: 'usage',
        hint: `it belongs to ${other}: leave it out, or say command: ${other}`,
      })
    }
  }
}
