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
}

const maxOutput = 1 << 20

/** Runs a program to its end; an aborted signal kills it and is thrown once it has ended. */
export async function runTool(
  program: string,
  args: readonly string[],
  { env, inputFile, timeout, signal }: ToolOptions,
): Promise<ToolOutcome> {
  throwIfAborted(signal)
  const child = spawn(program, args, {
    env: { ...env },
    // Ctrl-C of the terminal is for us: we end our children ourselves.
    detached: true,
    stdio: [inputFile === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  const timer = timeout === undefined ? undefined : setTimeout(kill, timeout)
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
    clearTimeout(timer)
    signal.removeEventListener('abort', kill)
  }
}

/** Resolves when a process has ended and its output has arrived: to 128 + the signal's number when a signal ended it. */
export function exitCodeOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code, signal) => resolve(code ?? 128 + signalNumber(signal ?? 'SIGKILL')))
  })
}
