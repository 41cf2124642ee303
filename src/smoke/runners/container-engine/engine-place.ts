/** Where a container engine is: on this machine, or on one that is reached over the network or SSH. */
import type { CancelOptions } from '../../../base/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { Address } from '../address.ts'
import type { EngineCommand } from './engine-command.ts'

export interface EnginePlace {
  command: EngineCommand
  /** the engine's machine, when it is not this one */
  remote: Remote | undefined
  cache: ContentCache
}

export interface Remote {
  host: string
  /** how SSH gets there; absent when the host is reached directly */
  ssh?: readonly [string, ...string[]]
}

/** The machine of an engine at `tcp://` or `ssh://`; undefined when it is this one. */
export async function remoteOf(
  command: EngineCommand,
  { timeout, signal }: CancelOptions & { timeout: number },
): Promise<Remote | undefined> {
  const { DOCKER_HOST, CONTAINER_HOST } = command.env
  const named =
    command.program === 'podman'
      ? CONTAINER_HOST
      : // An empty variable is none, for docker too.
        DOCKER_HOST ||
        (await command.tryRun(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
          timeout,
          signal,
        }))
  return named === undefined ? undefined : parseRemote(named)
}

/** `ssh://user@host:port`, `tcp://host:port`; undefined for a socket, a pipe, and an engine on this machine. */
export function parseRemote(address: string): Remote | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, hostname, port, username } = new URL(address)
  if (protocol === 'ssh:') {
    const user = username === '' ? [] : ['-l', decodeURIComponent(username)]
    const ssh = [
      'ssh',
      '-o',
      'BatchMode=yes',
      ...user,
      ...(port === '' ? [] : ['-p', port]),
      '--',
      hostname,
    ] as const
    return { host: hostname, ssh: [...ssh] }
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]', ''].includes(hostname)
  return ['tcp:', 'http:', 'https:'].includes(protocol) && !isHere ? { host: hostname } : undefined
}

/** What `--publish` is given for a port: a free port of the engine's machine, for as few as can reach it. */
export function publishing(port: number, remote: Remote | undefined): string {
  return remote && !remote.ssh ? `${port}` : `127.0.0.1::${port}`
}

/** Where a published port is reached from here. */
export function publishedAddress(port: number, { command, remote }: EnginePlace): Address {
  if (!remote) return { host: '127.0.0.1', port }
  if (!remote.ssh) return { host: remote.host, port }
  const [ssh, ...words] = remote.ssh
  return { through: [ssh, '-W', `127.0.0.1:${port}`, ...words], env: command.env }
}

/** The address or Docker context that a configuration names, as the variables that `docker` goes by. */
export function placeVariables(place: string): { DOCKER_HOST?: string; DOCKER_CONTEXT?: string } {
  if (!place.includes('://')) return { DOCKER_CONTEXT: place }
  if (!URL.canParse(place)) {
    throw new SmokeError('INVALID_PROBE', `${place} is no address of a container engine`, {
      kind: 'usage',
      hint: 'write ssh://user@host, tcp://host:2376, unix:///path, or the name of a Docker context',
    })
  }
  return { DOCKER_HOST: place }
}
