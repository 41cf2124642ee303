/** A process whose output is the container's log and whose exit code is the container's. */
import { type ChildProcess, spawn } from 'node:child_process'
import { LogTail } from './log-tail.ts'
import { type Environment, exitCodeOf, killGroup } from './run-tool.ts'

export interface AttachedProcess {
  readonly child: ChildProcess
  readonly log: LogTail
  /** 127 when the program could not be started */
  readonly exitCode: Promise<number>
  /** Ends it, and the processes that it started itself. */
  kill(): void
}

export function startAttached(
  program: string,
  args: readonly string[],
  { env }: { env: Environment },
): AttachedProcess {
  const child = spawn(program, args, {
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = new LogTail()
  for (const stream of [child.stdout, child.stderr]) {
    const writer = log.writer()
    stream.setEncoding('utf8').on('data', writer.write).once('close', writer.end)
  }
  return {
    child,
    log,
    exitCode: exitCodeOf(child).then((code) => code ?? 127),
    kill: () => killGroup(child),
  }
}
