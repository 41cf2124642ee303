/** Programs of this machine that are run to their end, with bounded output. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { signalNumber } from './signals.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface ToolOutcome {
  /** undefined when the program could not be started */
  exitCode: number | undefined
  stdout: string
  /** the end of it */
  stderr: string
}

export interface ToolOptions extends CancelOptions {
  env: Environment
  /** a file that becomes its standard input */
  inputFile?: string
  /** milliseconds after which it is killed; default: none */
  timeout?: number
  /** an aborted signal ends its input and gives it these milliseconds to end by itself; default 0 */
  grace?: number
  /** hears of the process as soon as it is there */
  onStart?: (child: ChildProcess) => void
}

const maxOutput = 1 << 20

/** Runs a program to its end; an aborted signal kills it and is thrown once it has ended. */
export async function runTool(
  program: string,
  args: readonly string[],
  { env, inputFile, timeout, grace = 0, onStart, signal }: ToolOptions,
): Promise<ToolOutcome> {
  throwIfAborted(signal)
  const child = spawn(program, args, {
    env: { ...env },
    // Ctrl-C of the terminal is for us: we end our children ourselves.
    detached: true,
    stdio: [inputFile === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  onStart?.(child)
  const kill = () => killGroup(child)
  const timers = timeout === undefined ? [] : [setTimeout(kill, timeout)]
  const abort = () => {
    child.stdin?.destroy()
    if (grace === 0) kill()
    else timers.push(setTimeout(kill, grace))
  }
  signal.addEventListener('abort', abort, { once: true })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      texts[name] = (texts[name] + text).slice(-maxOutput)
    })
  }
  // A program that ends before it has read its input is judged by its exit code.
  if (inputFile !== undefined && child.stdin)
    pipeline(createReadStream(inputFile), child.stdin).catch(() => {})
  try {
    const exitCode = await exitCodeOf(child)
    throwIfAborted(signal)
    return { exitCode, ...texts }
  } finally {
    timers.forEach(clearTimeout)
    signal.removeEventListener('abort', abort)
  }
}

/** Ends a process that leads a group of its own (`detached`), and what it started. */
export function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Resolves when a process has ended and its output has arrived: to 128 + the signal's number when a signal ended it. */
export function exitCodeOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal ?? 'SIGKILL')))
  })
}
