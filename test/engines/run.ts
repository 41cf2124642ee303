/** Programs that tests run to their end. */
import { execFile } from 'node:child_process'

/** A real engine or program did not do what the tests need of it. */
export class EngineError extends Error {}

export interface RunOptions {
  cwd?: string
  /** added to the environment of this process */
  env?: NodeJS.ProcessEnv
  /** written to the program's standard input */
  input?: string
}

/** Runs a program and resolves to its standard output. Throws `EngineError` with the end of what it printed. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd: options.cwd, env: { ...process.env, ...options.env }, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-20).join('\n')
        reject(new EngineError(`${program} ${args.join(' ')}: ${error.code ?? error.signal}\n${said}`))
      },
    )
    // A program that ends without reading its input is judged by its exit code, not by the broken pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(options.input ?? '')
  })
}
