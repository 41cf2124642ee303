/** A Docker or podman engine, local or remote, as a runner. */
import type { CancelOptions } from '../../../base/index.ts'
import { formatPlatform, parsePlatform, type Platform, runsNatively } from '../../../oci/index.ts'
import type { ContentCache, ImageReader } from '../../../store/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import type { Environment, ToolOutcome } from '../../process/run-tool.ts'
import { emulation } from '../emulation.ts'
import type { Execution, Found, PreparedImage, Runner } from '../runner.ts'
import { EngineCommand } from './engine-command.ts'
import { type EnginePlace, placeVariables, remoteOf } from './engine-place.ts'
import { loadImage } from './load-image.ts'

/** An engine over SSH has to be reached first. */
const timeout = 30_000

export interface EngineSettings extends CancelOptions {
  env: Environment
  cache: ContentCache
}

/** The engine behind `docker` or `podman`, when it answers. */
export async function containerEngine(
  program: 'docker' | 'podman',
  { env, cache, signal }: EngineSettings,
): Promise<Found<ContainerEngine>> {
  const command = new EngineCommand(program, env)
  const said = await command.outcome(['version', '--format', versionFormat(program)], { timeout, signal })
  const [version, platform] = said.exitCode === 0 ? said.stdout.trim().split(' ') : []
  if (!version || !platform) return { why: whySilent(program, said) }
  const remote = await remoteOf(command, { timeout, signal })
  const composes = program === 'docker' && (await hasCompose(command, { signal }))
  return {
    runner: new ContainerEngine({
      name: `${program} ${version}${remote ? ` at ${remote.host}` : ''}`,
      platform: parsePlatform(platform),
      composes,
      place: { command, remote, cache },
    }),
  }
}

function whySilent(program: string, { exitCode, stderr }: ToolOutcome): string {
  if (exitCode === undefined) return `${program} is not on the PATH`
  return stderr.trim().split('\n').at(-1) || `no answer within ${timeout / 1000} s`
}

/** The Docker engine at an address or of a context, for these platforms alone. */
export async function engineAt(
  place: string,
  platforms: readonly Platform[],
  { env, ...settings }: EngineSettings,
): Promise<Found<Runner>> {
  const { DOCKER_HOST: _, DOCKER_CONTEXT: __, ...others } = env
  const found = await containerEngine('docker', {
    ...settings,
    env: { ...others, ...placeVariables(place) },
  })
  return 'runner' in found ? { runner: found.runner.restrictedTo(platforms) } : found
}

function versionFormat(program: string): string {
  return program === 'docker'
    ? '{{.Server.Version}} {{.Server.Os}}/{{.Server.Arch}}'
    : '{{.Client.Version}} {{.Client.OsArch}}'
}

async function hasCompose(command: EngineCommand, { signal }: CancelOptions): Promise<boolean> {
  return (await command.tryRun(['compose', 'version'], { timeout, signal })) !== undefined
}

interface EngineFacts {
  name: string
  /** of the engine's machine */
  platform: Platform
  composes: boolean
  place: EnginePlace
  platforms?: readonly Platform[]
}

class ContainerEngine implements Runner {
  readonly name: string
  readonly composes: boolean
  readonly platforms?: readonly Platform[]
  readonly #facts: EngineFacts

  constructor(facts: EngineFacts) {
    this.name = facts.name
    this.composes = facts.composes
    if (facts.platforms) this.platforms = facts.platforms
    this.#facts = facts
  }

  restrictedTo(platforms: readonly Platform[]): Runner {
    return new ContainerEngine({ ...this.#facts, platforms })
  }

  async execution(platform: Platform, { signal }: CancelOptions): Promise<Execution> {
    const { platform: own, place } = this.#facts
    if (runsNatively(platform, own)) return { how: 'native' }
    // Docker Desktop's kernel and a remote one have handlers that are not seen from here.
    const isLocalKernel = process.platform === 'linux' && !place.remote
    if (isLocalKernel) return emulation(platform)
    const name = formatPlatform(platform)
    if ((await builderPlatforms(place.command, { signal })).includes(name)) return { how: 'emulated' }
    return {
      how: 'impossible',
      cause: {
        code: 'foreign-engine',
        text: `${this.name} is on ${formatPlatform(own)}, and does not say that it emulates ${name}`,
        hint: `name an engine on a ${name} machine: "runners": { "${name}": "ssh://user@host" }, or --runner ${name}=ssh://user@host`,
      },
    }
  }

  prepare(reader: ImageReader, image: PlatformImage, options: CancelOptions): Promise<PreparedImage> {
    return loadImage(reader, image, { ...this.#facts.place, composes: this.composes }, options)
  }
}

/** What the engine's own builder can execute, emulated platforms included; it looks at the handlers of its kernel. */
async function builderPlatforms(command: EngineCommand, { signal }: CancelOptions): Promise<string[]> {
  const ask = (...args: string[]) => command.tryRun(args, { timeout, signal })
  const context = command.env.DOCKER_HOST ? 'default' : ((await ask('context', 'show')) ?? 'default')
  const said = (await ask('buildx', 'inspect', context)) ?? ''
  if (!/^Driver:\s+docker$/m.test(said)) return []
  return (/^Platforms:\s+(.+)$/m.exec(said)?.[1] ?? '').split(/,\s*/).map((text) => text.replace('*', ''))
}
