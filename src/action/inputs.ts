/** Inputs of the step: the runner hands them over as INPUT_… variables. */
import { ActionError } from './action-error.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The text of an input, trimmed; empty when it is not given. */
export function readInput(env: Environment, name: string): string {
  return env[`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`]?.trim() ?? ''
}

/** True or false, as YAML writes them; false when it is not given. Throws `ACTION_INPUT_INVALID`. */
export function readSwitch(env: Environment, name: string): boolean {
  const text = readInput(env, name)
  if (['true', 'True', 'TRUE'].includes(text)) return true
  if (['', 'false', 'False', 'FALSE'].includes(text)) return false
  throw new ActionError('ACTION_INPUT_INVALID', `input ${name}: ${text} is neither true nor false`, {
    kind: 'usage',
    hint: `write ${name}: true or ${name}: false`,
  })
}
