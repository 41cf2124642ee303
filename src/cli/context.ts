import type { CancelOptions } from '../base/index.ts'

/** What a command may touch of the world. Only this room reads `process`; everything below gets values. */
export interface Output {
  write(text: string): void
  /** columns of the terminal; 100 when it is not one */
  readonly columns: number
  /** true when a person watches: lines may be redrawn */
  readonly interactive: boolean
  readonly colour: boolean
}

export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** aborted by Ctrl-C and SIGTERM */
  readonly signal: AbortSignal
  /** results: what a script reads */
  readonly stdout: Output
  /** progress, warnings and errors: what a person reads */
  readonly stderr: Output
  /** asks the person at the terminal; absent when nobody is there to answer. Resolves to nothing when the input ends */
  readonly ask?: (question: string, options: CancelOptions) => Promise<string | undefined>
  /** milliseconds since the process started, for the closing line */
  elapsed(): number
}
