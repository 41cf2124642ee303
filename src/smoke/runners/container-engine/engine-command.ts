/** The command of a container engine, docker or podman, which finds its engine itself (DOCKER_HOST, contexts, CONTAINER_HOST). */
import type { CancelOptions } from '../../../base/index.ts'
import { type Environment, runTool, type ToolOptions, type ToolOutcome } from '../../process/run-tool.ts'
import { SmokeError } from '../../smoke-error.ts'

export class EngineCommand {
  readonly program: 'docker' | 'podman'
  readonly env: Environment

  constructor(program: 'docker' | 'podman', env: Environment) {
    this.program = program
    this.env = env
  }

  /** Runs it; resolves to its standard output. Throws `SmokeError` `ENGINE_REFUSED` with what it said. */
  async run(args: readonly string[], options: Omit<ToolOptions, 'env'>): Promise<string> {
    const outcome = await this.outcome(args, options)
    if (outcome.exitCode === 0) return outcome.stdout
    const said = outcome.stderr.trim().split('\n').slice(-3).join('\n')
    throw new SmokeError('ENGINE_REFUSED', `${this.program} ${args[0]} failed: ${said}`, {
      kind: 'environment',
      hint: `check the engine with "${this.program} info", or choose another runner with --runner`,
    })
  }

  /** The same, but undefined when it fails. */
  async tryRun(
    args: readonly string[],
    { timeout, signal }: CancelOptions & { timeout?: number },
  ): Promise<string | undefined> {
    const outcome = await this.outcome(args, { signal, ...(timeout ? { timeout } : {}) })
    return outcome.exitCode === 0 ? outcome.stdout.trim() : undefined
  }

  /** The same, whatever comes of it. */
  outcome(args: readonly string[], options: Omit<ToolOptions, 'env'>): Promise<ToolOutcome> {
    return runTool(this.program, args, { ...options, env: this.env })
  }
}
