/** Where the Docker engine listens, found as the `docker` command finds it. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../base/index.ts'
import { onDisk } from '../disk-failure.ts'
import type { DockerSettings } from '../settings.ts'
import { StoreError } from '../store-error.ts'

export type DockerHost =
  | { kind: 'socket'; path: string }
  | { kind: 'tcp'; url: URL; tls?: { ca: string; cert: string; key: string } }

const defaultHost = 'unix:///var/run/docker.sock'

/** `DOCKER_HOST`, else the context that is chosen, else the usual socket. Throws `StoreError` `DAEMON_UNREACHABLE`. */
export async function findDockerHost(settings: DockerSettings = {}): Promise<DockerHost> {
  return parseHost(settings.host ?? (await hostOfContext(settings)) ?? defaultHost, settings.tlsFolder)
}

async function hostOfContext({ context, configFolder }: DockerSettings): Promise<string | undefined> {
  if (!configFolder) return undefined
  const name = context ?? (await currentContext(configFolder))
  if (name === undefined || name === '' || name === 'default') return undefined
  const id = createHash('sha256').update(name).digest('hex')
  const meta = (await readJson(join(configFolder, 'contexts/meta', id, 'meta.json'))) as {
    Endpoints?: { docker?: { Host?: unknown } }
  }
  const host = meta?.Endpoints?.docker?.Host
  if (typeof host === 'string') return host
  throw new StoreError('DAEMON_UNREACHABLE', `there is no Docker context ${name}`, {
    kind: 'environment',
    hint: 'choose another with `docker context use`, or unset DOCKER_CONTEXT',
  })
}

async function currentContext(configFolder: string): Promise<string | undefined> {
  const config = (await readJson(join(configFolder, 'config.json'))) as
    | { currentContext?: unknown }
    | undefined
  return typeof config?.currentContext === 'string' ? config.currentContext : undefined
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

async function parseHost(host: string, tlsFolder: string | undefined): Promise<DockerHost> {
  if (host.startsWith('unix://')) return { kind: 'socket', path: host.slice('unix://'.length) }
  if (host.startsWith('npipe://'))
    return { kind: 'socket', path: host.slice('npipe://'.length).replaceAll('/', '\\') }
  const url = URL.canParse(host) ? new URL(host) : undefined
  if (url && /^(?:tcp|https?):$/.test(url.protocol) && url.hostname !== '') {
    const scheme = tlsFolder || url.protocol === 'https:' ? 'https' : 'http'
    const port = url.port || (scheme === 'https' ? '2376' : '2375')
    const target = new URL(`${scheme}://${url.hostname}:${port}/`)
    return { kind: 'tcp', url: target, ...(tlsFolder ? { tls: await tlsFrom(tlsFolder) } : {}) }
  }
  throw new StoreError('DAEMON_UNREACHABLE', `no way to reach a Docker engine at ${host}`, {
    kind: 'environment',
    hint: 'engines are reached at unix:// and tcp:// addresses; for one behind ssh, forward its socket: ssh -L /tmp/docker.sock:/var/run/docker.sock HOST',
  })
}

async function tlsFrom(folder: string): Promise<{ ca: string; cert: string; key: string }> {
  const read = (name: string) =>
    onDisk(`read ${name} in ${folder}`, () => readFile(join(folder, name), 'utf8'))
  const [ca, cert, key] = await Promise.all([read('ca.pem'), read('cert.pem'), read('key.pem')])
  return { ca, cert, key }
}
