/** Where a port of a container is reached from here. */
import { spawn } from 'node:child_process'
import { connect as connectTcp } from 'node:net'
import { Duplex } from 'node:stream'
import type { CancelOptions } from '../../base/index.ts'
import type { Environment } from '../process/run-tool.ts'

export type Address =
  | { host: string; port: number }
  /** through a program whose input and output are the connection: into another network namespace, or over SSH */
  | { through: readonly [string, ...string[]]; env: Environment }

/** Opens a connection; errors come as the stream's. */
export function connectTo(address: Address, { signal }: CancelOptions): Duplex {
  if (!('through' in address)) return connectTcp({ ...address, signal })
  const [program, ...args] = address.through
  const child = spawn(program, args, {
    env: { ...address.env },
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  child.once('error', (error) => stream.destroy(error))
  const abort = () => stream.destroy()
  signal.addEventListener('abort', abort, { once: true })
  stream.once('close', () => {
    signal.removeEventListener('abort', abort)
    child.kill('SIGKILL')
  })
  return stream
}

/** Milliseconds after which a connection that is still open counts as accepted: a program has to start first. */
export function settlingTime(address: Address): number {
  return 'through' in address ? 2000 : 200
}
