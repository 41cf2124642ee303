/** A Docker or podman engine, local or remote, as a runner. */
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform, parsePlatform, type Platform } from '../../../oci/index.ts'
import type { ContentCache, ImageReader } from '../../../store/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import type { Environment } from '../../process/run-tool.ts'
import { emulation, runsNatively } from '../emulation.ts'
import type { Execution, PreparedImage, Runner } from '../runner.ts'
import { EngineCommand } from './engine-command.ts'
import { loadImage } from './load-image.ts'

const patience = 10_000

/** The engine behind `docker` or `podman`, when it answers. */
export async function containerEngine(
  program: 'docker' | 'podman',
  { env, cache, signal }: CancelOptions & { env: Environment; cache: ContentCache },
): Promise<Runner | undefined> {
  const command = new EngineCommand(program, env)
  const answer = await command.tryRun(['version', '--format', versionFormat(program)], {
    timeout: patience,
    signal,
  })
  const [version, platform] = answer?.split(' ') ?? []
  if (!version || !platform) return undefined
  const host = await hostOf(command, { signal })
  return new ContainerEngine(`${program} ${version}`, parsePlatform(platform), { command, host, cache })
}

function versionFormat(program: string): string {
  return program === 'docker'
    ? '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'
    : '{{.Client.Version}} {{.Client.OsArch}}'
}

/** The machine that an engine at `tcp://` or `ssh://` is on; undefined when it is this one. */
async function hostOf(command: EngineCommand, { signal }: CancelOptions): Promise<string | undefined> {
  const { DOCKER_HOST, CONTAINER_HOST } = command.env
  const named =
    command.program === 'podman'
      ? CONTAINER_HOST
      : (DOCKER_HOST ??
        (await command.tryRun(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
          timeout: patience,
          signal,
        })))
  if (!named || !URL.canParse(named)) return undefined
  const { protocol, hostname } = new URL(named)
  const isHere = ['localhost', '127.0.0.1', '[::1]', ''].includes(hostname)
  return ['tcp:', 'ssh:', 'http:', 'https:'].includes(protocol) && !isHere ? hostname : undefined
}

export interface EnginePlace {
  command: EngineCommand
  /** the engine's machine, when it is not this one */
  host: string | undefined
  cache: ContentCache
}

class ContainerEngine implements Runner {
  readonly name: string
  readonly #platform: Platform
  readonly #place: EnginePlace

  constructor(name: string, platform: Platform, place: EnginePlace) {
    this.name = place.host ? `${name} at ${place.host}` : name
    this.#platform = platform
    this.#place = place
  }

  async execution(platform: Platform): Promise<Execution> {
    if (runsNatively(platform, this.#platform)) return { how: 'native' }
    // Docker Desktop's kernel and a remote one have handlers that are not seen from here.
    const isLocalKernel = process.platform === 'linux' && this.#place.host === undefined
    if (isLocalKernel) return emulation(platform)
    return {
      how: 'impossible',
      cause: {
        code: 'foreign-engine',
        text: `${this.name} is on ${formatPlatform(this.#platform)}, and whether it emulates ${formatPlatform(platform)} cannot be told from here`,
        hint: `point DOCKER_HOST or DOCKER_CONTEXT at a machine with ${formatPlatform(platform)}`,
      },
    }
  }

  prepare(reader: ImageReader, image: PlatformImage, options: CancelOptions): Promise<PreparedImage> {
    return loadImage(reader, image, this.#place, options)
  }
}
