/** How much memory a container may take. An image that runs wild ends by itself, and does not take the machine with it. */
import { availableParallelism, freemem } from 'node:os'
import type { Probe } from './probe.ts'
import { SmokeError } from './smoke-error.ts'

/** More than a service of Node needs at most times, emulated or not. */
const usual = 2 * 2 ** 30
const mostPlatforms = 4

export interface MachineFacts {
  processors: number
  /** bytes that this process may still use, the limits of its own container counted in */
  memory: number
}

/** The bytes of a probe's container: what it says, else 2 GiB, or what this machine has where that is less. */
export function memoryOf({ memory }: Pick<Probe, 'memory'>, machine: MachineFacts = machineFacts()): number {
  return memory ?? Math.floor(Math.min(usual, machine.memory))
}

/**
 * How many platforms are tested at once: no more than processors allow, nor memory, should all of them need what their probes
 * may take; at least one. Engines on other machines decide for themselves.
 */
export function defaultConcurrency(
  probes: readonly Pick<Probe, 'memory'>[],
  machine: MachineFacts = machineFacts(),
): number {
  const largest = Math.max(1, ...probes.map((probe) => memoryOf(probe, machine)))
  return Math.max(1, Math.min(machine.processors, Math.floor(machine.memory / largest), mostPlatforms))
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }
/** An engine refuses less. */
const least = 6 * 2 ** 20

/** `512m`, `2g`, as engines write sizes. Throws `SmokeError` `INVALID_PROBE`. */
export function parseMemory(text: string): number {
  const [, number, unit = ''] = /^(\d{1,15})([bkmg]?)$/i.exec(text) ?? []
  const bytes = Number(number) * (units[unit.toLowerCase()] ?? 1)
  if (bytes >= least) return bytes
  throw new SmokeError('INVALID_PROBE', `${text} is no size of memory that a container could run in`, {
    kind: 'usage',
    hint: 'write a number with m or g, such as 512m or 2g; 6m is the least',
  })
}

function machineFacts(): MachineFacts {
  // `availableMemory` came with Node 20.13; Linux says of free memory what is available.
  const memory = typeof process.availableMemory === 'function' ? process.availableMemory() : freemem()
  return { processors: availableParallelism(), memory }
}
