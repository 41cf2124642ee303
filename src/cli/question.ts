/** One line from the terminal, by the rules that outputs follow: somebody has to be there on both sides. */
import { createInterface } from 'node:readline/promises'
import { type CancelOptions, reasonOf } from '../base/index.ts'
import type { CommandContext } from './context.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Undefined when nobody is there to answer. */
export function questionOf(
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  env: Environment,
): CommandContext['ask'] {
  if (!input.isTTY || !output.isTTY || env.CI || env.TERM === 'dumb') return undefined
  return async (question: string, { signal }: CancelOptions) => {
    const lines = createInterface({ input, output })
    const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
    // Ctrl-C reaches readline, not the process: it has to be passed on.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    try {
      return await Promise.race([lines.question(question, { signal }), ended])
    } catch (error) {
      throw signal.aborted ? reasonOf(signal) : error
    } finally {
      lines.close()
    }
  }
}
