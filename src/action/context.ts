/** What the action may touch of the world. The entry points (`main.ts`, `post.ts`) alone read `process`. */
export interface ActionContext {
  /** the environment that the runner gives a step: inputs, files for outputs, the cache service */
  readonly env: Readonly<Record<string, string | undefined>>
  /** the workspace */
  readonly cwd: string
  /** aborted when the workflow run is cancelled */
  readonly signal: AbortSignal
  /** the step's log, which the runner also reads workflow commands from */
  write(text: string): void
}
