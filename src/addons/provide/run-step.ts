/** A program that is run to its end, its output kept for the case that it fails. An abort ends it with all that it started. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type CancelOptions, reasonOf, throwIfAborted } from '../../base/index.ts'

export interface Step extends CancelOptions {
  program: string
  args: readonly string[]
  folder: string
  env: Readonly<Record<string, string | undefined>>
}

export interface StepOutcome {
  /** 127 when the program could not be started, 128 when a signal ended it */
  exitCode: number
  /** the last lines of both streams, as they came */
  tail: readonly string[]
}

const keptLines = 60
/** A group that ignores SIGTERM is killed after this many milliseconds. */
const patience = 3000

export async function runStep({ program, args, folder, env, signal }: Step): Promise<StepOutcome> {
  throwIfAborted(signal)
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name)
    } catch {
      // the group has ended by itself
    }
  }
  let killer: NodeJS.Timeout | undefined
  const onAbort = () => {
    stop('SIGTERM')
    killer = setTimeout(() => stop('SIGKILL'), patience)
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      tail.push(line)
      if (tail.length > keptLines) tail.shift()
    })
  }
  try {
    const exitCode = await new Promise<number>((resolve) => {
      child.once('error', (error) => {
        tail.push(error.message)
        resolve(127)
      })
      child.once('close', (code) => resolve(code ?? 128))
    })
    if (signal.aborted) throw reasonOf(signal)
    return { exitCode, tail }
  } finally {
    clearTimeout(killer)
    signal.removeEventListener('abort', onAbort)
  }
}
