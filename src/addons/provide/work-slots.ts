import { availableParallelism, freemem } from 'node:os'

/** How much is compiled at once. */
export interface WorkSlots {
  /** packages */
  tasks: number
  /** calls of the compiler for each */
  jobs: number
}

/** What a compiler takes of memory for a large file in C++, such as one that includes V8's headers. */
const bytesEach = 700 << 20

/** As many calls of the compiler as there are processors, and memory for. */
export function workSlots(
  packages: number,
  machine: { processors: number; memory: number } = { processors: availableParallelism(), memory: freemem() },
): WorkSlots {
  const calls = Math.max(1, Math.min(machine.processors, Math.floor(machine.memory / bytesEach)))
  const tasks = Math.max(1, Math.min(calls, packages))
  return { tasks, jobs: Math.max(1, Math.floor(calls / tasks)) }
}
