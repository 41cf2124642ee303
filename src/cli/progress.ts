import type { Progress } from '../base/index.ts'
import { jsonProgress, plainProgress, terminalProgress } from '../report/index.ts'
import type { CommandContext } from './context.ts'

export interface ProgressFlags {
  progress: 'auto' | 'tty' | 'plain' | 'json' | 'quiet'
  verbose?: boolean
}

/** The renderer that the flags and the terminal ask for; `stop` erases what is not finished. */
export function startProgress(
  flags: ProgressFlags,
  { stderr }: CommandContext,
): { progress: Progress; stop(): void } {
  const kind = flags.progress === 'auto' ? (stderr.interactive ? 'tty' : 'plain') : flags.progress
  const settings = {
    write: (text: string) => stderr.write(text),
    colour: stderr.colour,
    now: () => performance.now(),
    verbose: flags.verbose ?? false,
  }
  if (kind === 'tty') return terminalProgress({ ...settings, columns: () => stderr.columns })
  if (kind === 'json') return { progress: jsonProgress(settings), stop: () => {} }
  if (kind === 'quiet') {
    const warnings = plainProgress(settings)
    return { progress: (event) => event.type === 'warning' && warnings(event), stop: () => {} }
  }
  return { progress: plainProgress(settings), stop: () => {} }
}
