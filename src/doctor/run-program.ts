/** Programs of this machine, run to their end with bounded output; those that cannot be started have an exit code too. */
import { spawn } from 'node:child_process'
import { type CancelOptions, throwIfAborted } from '../base/index.ts'

export interface ProgramOutcome {
  exitCode: number
  stdout: string
  stderr: string
}

export interface ProgramOptions extends CancelOptions {
  env?: Readonly<Record<string, string | undefined>>
}

const notFound = 127
const maxOutput = 1 << 20

export function runProgram(
  program: string,
  args: readonly string[],
  { env, signal }: ProgramOptions,
): Promise<ProgramOutcome> {
  throwIfAborted(signal)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...(env ? { env: { ...env } } : {}),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const texts = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        texts[name] = (texts[name] + text).slice(-maxOutput)
      })
    }
    const stop = () => child.kill('SIGTERM')
    signal.addEventListener('abort', stop, { once: true })
    const settle = (exitCode: number) => {
      signal.removeEventListener('abort', stop)
      try {
        throwIfAborted(signal)
        resolve({ exitCode, ...texts })
      } catch (error) {
        reject(error)
      }
    }
    child.once('error', () => settle(notFound))
    child.once('close', (code) => settle(code ?? 1))
  })
}
