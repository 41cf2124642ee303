/**
 * A compose file, as compose itself reads it, changed so that a service runs as the image under test and nothing of the user's is
 * touched: no fixed names, no ports of this machine, no volumes that exist already.
 */
import { basename } from 'node:path'
import { formatPlatform } from '../../../oci/index.ts'
import type { PlatformImage } from '../../platform-image.ts'
import { SmokeError } from '../../smoke-error.ts'
import type { ComposeRequest } from '../runner.ts'

/** What compose prints for `config --format json`, as far as we change it. */
export interface ComposeModel {
  name?: string
  services?: Record<string, ComposeService>
  networks?: Record<string, Resource | null>
  volumes?: Record<string, Resource | null>
}

interface ComposeService {
  image?: string
  build?: unknown
  environment?: Record<string, string | null>
  deploy?: { resources?: { limits?: { memory?: string } } }
  volumes?: { type?: string; source?: string; target?: string }[]
  network_mode?: string
  [key: string]: unknown
}

interface Resource {
  name?: string
  external?: boolean
  ipam?: { config?: { subnet?: string }[] }
  [key: string]: unknown
}

export interface ComposeTrial {
  request: ComposeRequest
  image: PlatformImage
  /** how the engine calls the image */
  id: string
  project: string
}

/** Throws `SmokeError` `INVALID_PROBE`: the service is not there, or what it mounts hides the image. */
export function composeModelFor(model: ComposeModel, trial: ComposeTrial): ComposeModel {
  const { request, project } = trial
  const services = model.services ?? {}
  const tested = services[request.service]
  if (!tested) throw noService(request, Object.keys(services))
  expectVisible(tested, trial)
  const changed = Object.entries(services).map(([name, service]) => {
    const own = withoutMachine(service)
    return [name, isSameImage(service, tested) ? asImage(own, name, trial) : own] as const
  })
  return {
    ...model,
    name: project,
    services: Object.fromEntries(changed),
    ...(model.networks ? { networks: unnamed(model.networks) } : {}),
    ...(model.volumes ? { volumes: unnamed(model.volumes) } : {}),
  }
}

/** What of a file two platforms cannot have at once: addresses of its own choice, the machine's network. */
export function singularPart({ services = {}, networks = {} }: ComposeModel): string | undefined {
  const onHost = Object.keys(services).find((name) => services[name]?.network_mode === 'host')
  if (onHost !== undefined) return `${onHost} uses the machine's network`
  for (const [name, network] of Object.entries(networks)) {
    const subnet = network?.ipam?.config?.find((range) => range.subnet)?.subnet
    if (subnet !== undefined) return `network ${name} has the addresses ${subnet}`
  }
  return undefined
}

function noService({ file, service }: ComposeRequest, names: string[]): SmokeError {
  const has = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  return new SmokeError('INVALID_PROBE', `there is no service ${service} in ${file}: ${has}`, {
    kind: 'usage',
    hint: 'name one of its services',
    details: { file, service, services: names },
  })
}

/** Development mounts the project over the app: then not the image would be tested, but the folder. */
function expectVisible({ volumes = [] }: ComposeService, { request, image }: ComposeTrial): void {
  const app = image.config.config?.WorkingDir || '/'
  const hiding = volumes.find(
    ({ type, target = '' }) => type === 'bind' && `${app}/`.startsWith(`${target.replace(/\/$/, '')}/`),
  )
  if (!hiding) return
  throw new SmokeError(
    'INVALID_PROBE',
    `${basename(request.file)} mounts ${hiding.source} over ${hiding.target} of ${request.service}: the image's own files would not be tested`,
    { kind: 'usage', hint: 'use a compose file without that volume, such as compose.test.yaml' },
  )
}

/** A migration that runs first is the same program, and has to be the same image. */
function isSameImage(service: ComposeService, tested: ComposeService): boolean {
  if (service === tested) return true
  const key = ({ image, build }: ComposeService) => JSON.stringify([image, build])
  return (service.image !== undefined || service.build !== undefined) && key(service) === key(tested)
}

function asImage(
  service: ComposeService,
  name: string,
  { request, image, id }: ComposeTrial,
): ComposeService {
  const { build: _, restart: __, ...others } = service
  const isBound = service.mem_limit !== undefined || service.deploy?.resources?.limits?.memory !== undefined
  const isTested = name === request.service
  return {
    ...others,
    image: id,
    platform: formatPlatform(image.platform),
    pull_policy: 'never',
    ...(isBound ? {} : { mem_limit: `${request.memory}` }),
    ...(isTested ? { environment: { ...service.environment, ...escaped(request.env) } } : {}),
    ...(isTested && request.readOnly ? { read_only: true } : {}),
  }
}

/** Compose would put variables in the place of `$NAME`. */
function escaped(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.replaceAll('$', '$$$$')]))
}

function withoutMachine(service: ComposeService): ComposeService {
  const { ports: _, container_name: __, profiles: ___, ...others } = service
  return others
}

/** Names make a resource the user's own, which two platforms would share, and which cleaning would remove. */
function unnamed(resources: Record<string, Resource | null>): Record<string, Resource | null> {
  return Object.fromEntries(
    Object.entries(resources).map(([key, resource]) => {
      if (!resource || resource.external) return [key, resource]
      const { name: _, ...others } = resource
      return [key, others]
    }),
  )
}
