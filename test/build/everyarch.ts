/** everyarch in this process, with its output caught: the same program as on the command line, without starting Node anew. */
import type { CommandContext, Output } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import type { BuildReport } from '../../src/index.ts'

export interface Outcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunSettings {
  cwd: string
  env?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

export async function everyarch(
  args: readonly string[],
  { cwd, env, signal }: RunSettings,
): Promise<Outcome> {
  const texts = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr'): Output => ({
    write: (text) => void (texts[name] += text),
    columns: 120,
    interactive: false,
    colour: false,
  })
  const start = performance.now()
  const context: CommandContext = {
    env: { ...process.env, ...env },
    cwd,
    signal: signal ?? new AbortController().signal,
    stdout: output('stdout'),
    stderr: output('stderr'),
    elapsed: () => performance.now() - start,
  }
  const exitCode = await runProgram(args, context)
  return { exitCode, ...texts }
}

/** The `--json` report of a run that succeeded; fails with what the run said otherwise. */
export function reportOf<Report = BuildReport>({ exitCode, stdout, stderr }: Outcome): Report {
  if (exitCode !== 0) throw new TypeError(`exit ${exitCode}\n${stderr}`)
  return JSON.parse(stdout) as Report
}
