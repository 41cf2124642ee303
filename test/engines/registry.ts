/** A real registry: the reference implementation, as Debian packages it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { EngineError, run } from './run.ts'

export interface RegistryOptions {
  /** asks for Basic authentication: passwords by user name */
  users?: Readonly<Record<string, string>>
  /** asks for another kind of authentication: the `auth` section of the registry's own configuration */
  auth?: Readonly<Record<string, unknown>>
  /** where the registry keeps its content; without it a temporary folder that goes with the registry */
  folder?: string
}

export interface Registry {
  /** `127.0.0.1:PORT`; plain HTTP */
  readonly host: string
  /** where the registry keeps its content */
  readonly folder: string
  /** Sum of the sizes of the blobs that it holds, each counted once however many repositories share it. */
  storedBytes(): Promise<number>
  /** Ends the registry; a folder that was not given is removed. */
  stop(): Promise<void>
}

const owned = join(import.meta.dirname, 'owned.sh')

/** Starts a registry on a free loopback port. It ends with this process, however that ends. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const settings = await mkdtemp(join(tmpdir(), 'everyarch-registry-'))
  const folder = options.folder ?? join(settings, 'content')
  await writeFile(join(settings, 'config.json'), JSON.stringify(configuration(settings, folder, options)))
  await writeFile(join(settings, 'htpasswd'), await htpasswd(options.users ?? {}))
  // The configuration is YAML, and JSON is YAML.
  const serve = ['docker-registry', 'serve', join(settings, 'config.json')]
  const child = spawn(owned, [String(process.pid), settings, ...serve], {
    detached: true, // Ctrl-C reaches us, and the registry ends with us
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const host = await listeningAddress(child)
  child.unref()
  return {
    host,
    folder,
    storedBytes: () => storedBytes(folder),
    stop: async () => {
      child.ref()
      if (child.exitCode === null && child.kill()) await once(child, 'exit')
    },
  }
}

function configuration(settings: string, folder: string, { users, auth }: RegistryOptions) {
  return {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'loopback' },
    storage: { filesystem: { rootdirectory: folder }, delete: { enabled: true } },
    ...(auth && { auth }),
    ...(users && { auth: { htpasswd: { realm: 'everyarch', path: join(settings, 'htpasswd') } } }),
  }
}

/** Entries with bcrypt hashes, the only ones that the registry accepts; perl reaches the C library's own. */
async function htpasswd(users: Readonly<Record<string, string>>): Promise<string> {
  const lines: string[] = []
  for (const [name, password] of Object.entries(users)) {
    const hash = await run('perl', ['-e', 'print crypt(<STDIN>, q($2b$05$) . q(.) x 22)'], {
      input: password,
    })
    lines.push(`${name}:${hash}\n`)
  }
  return lines.join('')
}

async function listeningAddress(child: ChildProcess): Promise<string> {
  const said: string[] = []
  if (child.stderr) {
    for await (const line of createInterface(child.stderr)) {
      said.push(line)
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1]
      if (!address) continue
      drain(child.stderr)
      return address
    }
  }
  throw new EngineError(`the registry did not start\n${said.slice(-10).join('\n')}`)
}

/** Leaving the loop paused the log, and a registry whose log nobody reads would stop one day. */
function drain(log: Readable): void {
  log.resume()
  if (log instanceof Socket) log.unref()
}

async function storedBytes(folder: string): Promise<number> {
  const blobs = join(folder, 'docker/registry/v2/blobs')
  const entries = await readdir(blobs, { recursive: true }).catch(() => [])
  const sizes = entries
    .filter((entry) => entry.endsWith('/data'))
    .map(async (entry) => (await stat(join(blobs, entry))).size)
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}
