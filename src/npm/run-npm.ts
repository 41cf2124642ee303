/** Runs the user's npm. An abort ends it with everything that it started. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { codeOf, reasonOf } from '../base/index.ts'
import { NpmError } from './npm-error.ts'

export interface NpmRun {
  args: readonly string[]
  folder: string
  env: Readonly<Record<string, string | undefined>>
  onOutput: (stream: 'stdout' | 'stderr', line: string) => void
  signal: AbortSignal
}

/** The exit code. Throws `NpmError` `NPM_MISSING`. */
export async function runNpm({ args, folder, env, onOutput, signal }: NpmRun): Promise<number> {
  const windows = process.platform === 'win32'
  const child = spawn('npm', args, {
    cwd: folder,
    env: { ...env },
    shell: windows,
    detached: !windows,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = () => {
    if (windows || child.pid === undefined) child.kill()
    else process.kill(-child.pid, 'SIGTERM')
  }
  signal.addEventListener('abort', stop, { once: true })
  for (const stream of ['stdout', 'stderr'] as const) {
    createInterface({ input: child[stream] }).on('line', (line) => onOutput(stream, line))
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exit) => resolve(exit ?? 1))
    })
    if (signal.aborted) throw reasonOf(signal)
    return code
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw new NpmError('NPM_MISSING', 'npm is not on the PATH', {
      kind: 'environment',
      hint: 'it comes with Node.js; it runs the install scripts of dependencies',
      cause: error,
    })
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
