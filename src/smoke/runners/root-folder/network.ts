/**
 * The network of a container without an engine: the machine's own, where a service can reach what it needs, or one with nothing
 * but a loopback interface, where every port is free.
 */
import type { Environment } from '../../process/run-tool.ts'
import type { Address } from '../address.ts'

/** A service that listens on 127.0.0.1 alone cannot be reached in a container: every other loopback address tells. */
const host = '127.0.0.2'

const relay = `
const { argv, exit, stdin, stdout } = process
const socket = require('node:net').connect(Number(argv[1]), '${host}')
stdin.pipe(socket).pipe(stdout)
socket.on('error', () => exit(1)).on('close', () => exit(0))
`

/** Where a port is reached; `pid` is a process in the container's own network, when it has one. */
export function addressIn(pid: number | undefined, port: number, env: Environment): Address {
  if (pid === undefined) return { host, port }
  return {
    through: ['nsenter', `--net=/proc/${pid}/ns/net`, process.execPath, '-e', relay, `${port}`],
    env,
  }
}
