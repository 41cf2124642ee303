/** Measuring programs: their time, and the memory that they and everything they start hold at once. */
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Command {
  program: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
}

export interface Measurement {
  seconds: number
  stdout: string
}

class FailedCommand extends Error {}

/** Runs a command to its end. Throws `FailedCommand` with the end of what it printed when it fails. */
export function timed({ program, args, cwd, env }: Command): Promise<Measurement> {
  const start = performance.now()
  return new Promise((resolve, reject) => {
    execFile(program, args, { cwd, env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const seconds = (performance.now() - start) / 1000
      if (!error) return resolve({ seconds, stdout })
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-25).join('\n')
      reject(new FailedCommand(`${program} ${args.join(' ')}\n${said}`))
    })
  })
}

/**
 * Runs a command and returns the most memory, in bytes, that its processes and those below `others` held together
 * (proportional set size, so that what processes share counts once). What ran below this process before, such as a registry,
 * does not count. Sampling takes time: do not time such a run.
 */
export async function peakMemory(command: Command, others: readonly number[] = []): Promise<number> {
  const before = processesBelow([process.pid])
  let peak = 0
  const sampler = setInterval(() => {
    const ours = [...processesBelow([process.pid])].filter((pid) => !before.has(pid))
    const all = new Set([...ours, ...processesBelow(others)])
    peak = Math.max(
      peak,
      [...all].reduce((sum, pid) => sum + memoryOf(pid), 0),
    )
  }, 100)
  try {
    await timed(command)
  } finally {
    clearInterval(sampler)
  }
  return peak
}

/** The processes of `roots` and all that they started. */
function processesBelow(roots: readonly number[]): Set<number> {
  const children = new Map<number, number[]>()
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    const parent = parentOf(pid)
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  const seen = new Set<number>()
  const waiting = [...roots]
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    if (seen.has(pid)) continue
    seen.add(pid)
    waiting.push(...(children.get(pid) ?? []))
  }
  return seen
}

/** A process may end between two looks at it: then it holds nothing. */
function parentOf(pid: number): number | undefined {
  const parent = /\nPPid:\s+(\d+)/.exec(readProc(pid, 'status'))?.[1]
  return parent === undefined ? undefined : Number(parent)
}

function memoryOf(pid: number): number {
  return Number(/\nPss:\s+(\d+) kB/.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] as number
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
