/**
 * The BuildKit inside a Docker engine at an address of its own, as a lone buildkitd would be: what buildx's `remote` driver
 * connects to. Debian packages no buildkitd; the engine holds the same one behind an upgraded HTTP connection.
 */
import { request } from 'node:http'
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Docker } from './docker.ts'
import { EngineError } from './run.ts'

export interface RemoteBuildKit {
  /** `tcp://127.0.0.1:PORT` */
  readonly address: string
  /** Cuts every connection and accepts no more. */
  stop(): Promise<void>
}

/** Serves the BuildKit of an engine on a free loopback port. */
export async function startRemoteBuildKit({ host }: Pick<Docker, 'host'>): Promise<RemoteBuildKit> {
  const open = new Set<Duplex>()
  const server = createServer((client) => {
    track(client, open)
    const socketPath = host.slice('unix://'.length)
    const headers = { connection: 'Upgrade', upgrade: 'h2c' }
    const upgrade = request({ socketPath, method: 'POST', path: '/grpc', headers })
    upgrade.on('upgrade', (_answer, engine: Socket, head: Buffer) => {
      track(engine, open)
      if (head.length > 0) client.write(head)
      client.pipe(engine).pipe(client)
    })
    upgrade.on('response', () => client.destroy())
    upgrade.on('error', () => client.destroy())
    upgrade.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new EngineError('no loopback port')
  return {
    address: `tcp://127.0.0.1:${address.port}`,
    stop: async () => {
      for (const stream of open) stream.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function track(stream: Duplex, open: Set<Duplex>): void {
  open.add(stream)
  stream.on('error', () => stream.destroy())
  stream.on('close', () => open.delete(stream))
}
