/** Terminal facts, by the conventions of the field: NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb, CI. */
import type { Output } from './context.ts'

type Environment = Readonly<Record<string, string | undefined>>

export function outputOf(stream: NodeJS.WriteStream, env: Environment): Output {
  const terminal = stream.isTTY && env.TERM !== 'dumb'
  return {
    write: (text) => void stream.write(text),
    get columns() {
      return stream.columns || 100
    },
    interactive: terminal && !env.CI,
    colour: wantsColour(env) ?? terminal,
  }
}

function wantsColour(env: Environment): boolean | undefined {
  if (env.NO_COLOR) return false
  const forced = env.FORCE_COLOR ?? env.CLICOLOR_FORCE
  return forced === undefined || forced === '' ? undefined : forced !== '0'
}
