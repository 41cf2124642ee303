import type { Command } from 'commander'
import type { Output } from './context.ts'
import { defineProgram } from './program.ts'

/** The commands with their arguments and options, for reading: what another front must offer. They cannot be run. */
export function commandDefinitions(): readonly Command[] {
  const nowhere: Output = { write: () => {}, columns: 100, interactive: false, colour: false }
  const { signal } = new AbortController()
  const context = { env: {}, cwd: '.', signal, stdout: nowhere, stderr: nowhere, elapsed: () => 0 }
  return defineProgram(context, () => {}).commands
}
