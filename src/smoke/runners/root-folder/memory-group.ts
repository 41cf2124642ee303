/**
 * Control groups that bound the memory of containers without an engine. Kernels have two versions of them; machines that are
 * containers themselves often have none that can be written to, and there nothing is bounded.
 */
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '../../../base/index.ts'
import { signalNumber } from '../../process/signals.ts'

const mount = '/sys/fs/cgroup'

/** What the two versions call the same: bounds, how often the kernel ended something, how much was in use at most. */
const versions = {
  1: {
    limit: 'memory.limit_in_bytes',
    withSwap: (bytes: number) => ['memory.memsw.limit_in_bytes', bytes] as const,
    kills: 'memory.oom_control',
    peak: 'memory.max_usage_in_bytes',
  },
  2: {
    limit: 'memory.max',
    withSwap: () => ['memory.swap.max', 0] as const,
    kills: 'memory.events',
    peak: 'memory.peak',
  },
} as const
type Version = keyof typeof versions

/** Cleaning goes on when the run was aborted. */
const { signal: always } = new AbortController()

export interface MemoryGroup {
  isBounded: boolean
  /** the words before a command that has to run in it, with all that it starts */
  entering: readonly string[]
  /** Whether the kernel ended something in it for want of memory. */
  ranOut(exitCode: number): Promise<boolean>
  /** Once nothing runs in it any more. */
  remove(): Promise<void>
}

const unbounded: MemoryGroup = {
  isBounded: false,
  entering: [],
  ranOut: async () => false,
  remove: async () => {},
}

/** All groups of one image. */
export class MemoryGroups {
  /** how each group's folder begins, for whoever has to remove what is left of them */
  readonly prefix: string
  readonly #version: Version
  #made = 0

  constructor(name: string, { folder, version } = groupsOfThisProcess()) {
    this.prefix = join(folder, name)
    this.#version = version
  }

  /** A new group; without bounds where none are asked for, and where the kernel gives none. */
  async make(bytes: number | undefined): Promise<MemoryGroup> {
    if (bytes === undefined) return unbounded
    this.#made += 1
    const path = `${this.prefix}-${this.#made}`
    const { limit, withSwap } = versions[this.#version]
    try {
      await mkdir(path)
      await writeFile(join(path, limit), `${bytes}`)
    } catch {
      await rmdir(path).catch(() => {})
      return unbounded
    }
    // A kernel without swap has no such file.
    const [swap, most] = withSwap(bytes)
    if (existsSync(join(path, swap))) await writeFile(join(path, swap), `${most}`).catch(() => {})
    return {
      isBounded: true,
      entering: ['sh', '-c', 'echo $$ >"$0/cgroup.procs"; exec "$@"', path],
      ranOut: (exitCode) => ranOut({ path, bytes, version: this.#version }, exitCode),
      remove: () => removeGroup(path),
    }
  }
}

/**
 * Below the group that this process is in, so that the machine's own bounds hold on; in version 2, which has no groups with both
 * processes and bounded groups in them, at the top.
 */
function groupsOfThisProcess(): { folder: string; version: Version } {
  const top = join(mount, 'memory')
  if (!existsSync(top)) return { folder: mount, version: 2 }
  const own = /^\d+:memory:(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/'
  const folder = join(top, own)
  // A container sees its own group as the top one.
  return { folder: existsSync(folder) ? folder : top, version: 1 }
}

/** Usage is counted in pages, and in batches of them. */
const slack = 1 << 20

/** runc runs containers in groups within ours, which are gone by now: there a killed program and a reached bound have to do. */
async function ranOut(
  { path, bytes, version }: { path: string; bytes: number; version: Version },
  exitCode: number,
): Promise<boolean> {
  const { kills, peak } = versions[version]
  const read = (file: string) => readFile(join(path, file), 'utf8').catch(() => '')
  if (Number(/^oom_kill (\d+)$/m.exec(await read(kills))?.[1] ?? 0) > 0) return true
  return exitCode === 128 + signalNumber('SIGKILL') && Number(await read(peak)) + slack >= bytes
}

/** A process that has ended may be in it for a moment more. */
async function removeGroup(path: string): Promise<void> {
  for (let attempt = 0; attempt < 50 && existsSync(path); attempt++) {
    const within = await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of within.filter((one) => one.isDirectory()))
      await rmdir(join(path, entry.name)).catch(() => {})
    await rmdir(path).catch(() => sleep(20, { signal: always }))
  }
}
