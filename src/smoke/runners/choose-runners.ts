/** What this machine has that can run images, best first. */
import type { CancelOptions } from '../../base/index.ts'
import { parsePlatform } from '../../oci/index.ts'
import type { ContentCache } from '../../store/index.ts'
import type { Environment } from '../process/run-tool.ts'
import { SmokeError } from '../smoke-error.ts'
import { containerEngine, engineAt } from './container-engine/container-engine.ts'
import { rootFolderRunner } from './root-folder/root-folder-runner.ts'
import type { Found, Runner } from './runner.ts'

export const runnerNames = ['docker', 'podman', 'crun', 'runc', 'unshare'] as const
export type RunnerName = (typeof runnerNames)[number]

export interface RunnerChoice extends CancelOptions {
  /** `auto`: every runner that is there, in the order of `runnerNames` */
  wanted: 'auto' | RunnerName
  /** engines for single platforms, by platform: `ssh://user@host`, `tcp://host:2376`, `unix:///path`, or a Docker context */
  places?: Readonly<Record<string, string>>
  /** PATH, and where the engines are (DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST…) */
  env: Environment
  /** its folder takes archives and root folders for as long as they are needed */
  cache: ContentCache
}

type Settings = Omit<RunnerChoice, 'wanted' | 'places'>

/**
 * The runners that were named for platforms, then those of this machine; possibly none for `auto`. Throws `SmokeError`
 * `NO_RUNNER` when one that was asked for does not answer.
 */
export async function chooseRunners({ wanted, places = {}, ...settings }: RunnerChoice): Promise<Runner[]> {
  return [...(await placedRunners(places, settings)), ...(await localRunners(wanted, settings))]
}

async function placedRunners(
  places: Readonly<Record<string, string>>,
  settings: Settings,
): Promise<Runner[]> {
  const runners: Runner[] = []
  for (const place of new Set(Object.values(places))) {
    const platforms = Object.keys(places).filter((platform) => places[platform] === place)
    const found = await engineAt(place, platforms.map(parsePlatform), settings)
    if ('why' in found) {
      throw new SmokeError(
        'NO_RUNNER',
        `the container engine at ${place}, for ${platforms.join(', ')}, does not answer: ${found.why}`,
        {
          kind: 'environment',
          hint: place.includes('://')
            ? `try it: docker --host ${place} version`
            : `try it: docker --context ${place} version ("docker context ls" lists the contexts)`,
        },
      )
    }
    runners.push(found.runner)
  }
  return runners
}

async function localRunners(wanted: 'auto' | RunnerName, settings: Settings): Promise<Runner[]> {
  if (wanted !== 'auto') {
    const found = await open(wanted, settings)
    if ('runner' in found) return [found.runner]
    throw new SmokeError('NO_RUNNER', `${wanted} runs nothing on this machine: ${found.why}`, {
      kind: 'environment',
      hint: hints[wanted],
    })
  }
  const runners: Runner[] = []
  for (const name of runnerNames) {
    const found = await open(name, settings)
    if ('runner' in found) runners.push(found.runner)
  }
  return runners
}

function open(name: RunnerName, settings: Settings): Promise<Found<Runner>> {
  return name === 'docker' || name === 'podman'
    ? containerEngine(name, settings)
    : rootFolderRunner(name, settings)
}

const engineHint = 'start the engine, check DOCKER_HOST and DOCKER_CONTEXT, or use --runner auto'
const toolHint = 'it needs Linux, root and the program on the PATH; --runner auto takes what is there'
const hints: Record<RunnerName, string> = {
  docker: engineHint,
  podman: engineHint,
  crun: toolHint,
  runc: toolHint,
  unshare: toolHint,
}
