/** How many platforms are tested at once. */
import { availableParallelism, freemem } from 'node:os'

/** What a service of Node with its database needs at most times, emulated or not. */
const bytesPerPlatform = 1 << 30
const most = 4

export interface MachineFacts {
  processors: number
  /** bytes that this process may still use, the limits of its own container counted in */
  memory: number
}

/** At least one, and no more than processors and memory allow. Engines on other machines decide for themselves. */
export function defaultConcurrency({ processors, memory }: MachineFacts = machineFacts()): number {
  return Math.max(1, Math.min(processors, Math.floor(memory / bytesPerPlatform), most))
}

function machineFacts(): MachineFacts {
  // `availableMemory` came with Node 20.13; Linux says of free memory what is available.
  const memory = typeof process.availableMemory === 'function' ? process.availableMemory() : freemem()
  return { processors: availableParallelism(), memory }
}
