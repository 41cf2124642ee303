/** A real Docker engine with buildx on a machine that has none, out of a folder of Debian packages. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { arch, networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { debianFolder } from './debian.ts'
import { EngineError, type RunOptions, run } from './run.ts'

export interface DockerOptions {
  /** `stable` is Debian 13's buildx (0.13), `newest` the one of Debian's development suite */
  buildx?: 'stable' | 'newest'
  /** `classic` keeps one platform of an image; default: `containerd`, which keeps all */
  imageStore?: 'containerd' | 'classic'
  /** more arguments of dockerd, such as another address to listen on */
  arguments?: readonly string[]
}

export interface Docker {
  /** `unix://…`, for `DOCKER_HOST` */
  readonly host: string
  /** the process below which all of the engine's processes are */
  readonly pid: number
  /** what a program needs in its environment to use this engine through the `docker` command: PATH, DOCKER_HOST, DOCKER_CONFIG */
  readonly env: { readonly PATH: string; readonly DOCKER_HOST: string; readonly DOCKER_CONFIG: string }
  /** Runs the `docker` command against this engine; resolves to its standard output. */
  docker(args: readonly string[], options?: RunOptions): Promise<string>
  /** Ends the engine and everything that it started, and removes its data. */
  stop(): Promise<void>
}

const engineScript = join(import.meta.dirname, 'docker-engine.sh')
const systemPackages = ['base-files', 'bash', 'coreutils', 'mount', 'iproute2', 'ca-certificates']
const enginePackages = ['docker.io', 'docker-cli', 'docker-buildx', 'docker-compose', 'containerd', 'runc']
const pluginFolder = 'usr/libexec/docker/cli-plugins'

/**
 * Starts an engine of our own: its own data, socket and bridge, no firewall rules, the containerd image store (so the
 * default builder makes several platforms). Starting takes about a second once the cache holds its root folder. It ends
 * with this process, however that ends. Containers that need the network use `--network host`; published ports work.
 */
export async function startDocker(options: DockerOptions = {}): Promise<Docker> {
  const root = await dockerRoot()
  // The first folder that has a plugin counts.
  const roots = options.buildx === 'newest' ? [await newestBuildx(), root] : [root]
  const plugins = roots.map((folder) => join(folder, pluginFolder))
  const instance = await mkdtemp(join(tmpdir(), 'everyarch-docker-'))
  const env = await clientEnvironment(root, plugins, instance)
  const settings = [
    String(process.pid),
    freeSubnet(),
    options.imageStore ?? 'containerd',
    ...(options.arguments ?? []),
  ]
  const engine = spawn(engineScript, [root, instance, ...settings], {
    detached: true, // Ctrl-C reaches us, and the engine ends with us
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  engine.unref()
  const stop = async () => {
    engine.ref()
    if (engine.exitCode === null && engine.kill()) await once(engine, 'exit')
    // A client that was cut off may have written its settings once more.
    await rm(instance, { recursive: true, force: true })
  }
  try {
    await answers(join(instance, 'docker.sock'), () => engine.exitCode === null)
  } catch (error) {
    const log = await readFile(join(instance, 'engine.log'), 'utf8').catch(() => '')
    await stop()
    throw new EngineError(`the Docker engine did not start\n${log.split('\n').slice(-15).join('\n')}`, {
      cause: error,
    })
  }
  return {
    host: env.DOCKER_HOST,
    pid: engine.pid ?? 0,
    env,
    docker: (args, options) => run('docker', args, { ...options, env: { ...env, ...options?.env } }),
    stop,
  }
}

function dockerRoot(): Promise<string> {
  return debianFolder({
    suite: 'trixie',
    architecture: debianArchitecture(),
    packages: [...systemPackages, ...enginePackages],
  })
}

function newestBuildx(): Promise<string> {
  return debianFolder({
    suite: 'sid',
    architecture: debianArchitecture(),
    packages: ['docker-buildx'],
    options: [
      // mirrors and snapshots of the development suite lag behind; its signature is checked all the same
      `--aptopt=Acquire::Check-Valid-Until "false"`,
    ],
  })
}

function debianArchitecture(): string {
  return arch() === 'x64' ? 'amd64' : arch()
}

/** Only the client comes from the root folder: its other programs belong to another Debian than the host's. */
async function clientEnvironment(
  root: string,
  plugins: readonly string[],
  instance: string,
): Promise<Docker['env']> {
  const programs = join(instance, 'bin')
  const config = join(instance, 'client')
  await mkdir(programs)
  await mkdir(config)
  await symlink(join(root, 'usr/bin/docker'), join(programs, 'docker'))
  await writeFile(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: plugins }))
  return {
    PATH: `${programs}:${process.env.PATH}`,
    DOCKER_HOST: `unix://${join(instance, 'docker.sock')}`,
    DOCKER_CONFIG: config,
  }
}

/** The first three numbers of a private network that this machine does not use. */
function freeSubnet(): string {
  const used = new Set(
    Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
  )
  for (let third = process.pid % 200; third < 256; third++) {
    if (!used.has(`172.31.${third}.1`)) return `172.31.${third}`
  }
  throw new EngineError('no network 172.31.N.0/24 is free')
}

async function answers(socket: string, runs: () => boolean): Promise<void> {
  const patience = Date.now() + 60_000
  while (!existsSync(socket)) {
    if (!runs()) throw new EngineError('it ended at once')
    if (Date.now() > patience) throw new EngineError('it does not answer')
    await wait(50)
  }
}
