/**
 * Containers without an engine share the machine's network, so two that listen on one port cannot run at once: whoever needs
 * a port waits for the one before, and a port that a stranger has is said before anything is started.
 */
import { createServer } from 'node:net'
import { type CancelOptions, codeOf } from '../../../base/index.ts'
import { Turns } from '../../process/turns.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { Container } from '../runner.ts'

/** One at a time, as a service may listen on ports besides those that are asked for. */
const turns = new Turns()

/** Starts a container that listens on these ports when they are free, and keeps others waiting until it is disposed of. */
export async function holdingPorts(
  ports: readonly number[],
  { signal }: CancelOptions,
  start: () => Promise<Container>,
): Promise<Container> {
  const release = await turns.take({ signal })
  try {
    for (const port of ports) await expectFree(port)
    const container = await start()
    return {
      ...container,
      async [Symbol.asyncDispose]() {
        await container[Symbol.asyncDispose]()
        release()
      },
    }
  } catch (error) {
    release()
    throw error
  }
}

async function expectFree(port: number): Promise<void> {
  const server = createServer()
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '0.0.0.0', resolve)
    })
  } catch (error) {
    throw new SmokeError('PORT_IN_USE', `port ${port} is in use on this machine (${codeOf(error)})`, {
      kind: 'environment',
      hint: 'stop what listens there, or use Docker or podman, which give each container its own network',
      cause: error,
    })
  } finally {
    server.close()
  }
}
