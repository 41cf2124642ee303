/** The images of a compose file's services. */
import {
  type ComposeService,
  entriesAt,
  textOf,
  toComposeServices,
  valueAt,
  type YamlNode,
} from '../../workflow/index.ts'
import { type FoundUses, type ImageUse, platformOf } from './image-use.ts'
import { type Environment, interpolate } from './interpolate.ts'

const instead = 'verify what `docker compose config` prints'

/** Services of every profile. What stands in other files is a problem: a guard that skips what it does not know guards nothing. */
export function composeUses(document: YamlNode, env: Environment): FoundUses {
  const services = new Map(toComposeServices(document).map((service) => [service.name, service]))
  const problems = valueAt(document, 'include') ? [`it includes other files: ${instead}`] : []
  const uses: ImageUse[] = []
  for (const service of services.values()) {
    const used = useOf(service, services, env)
    if (typeof used === 'string') problems.push(used)
    else if (used) uses.push(used)
  }
  return { uses, problems }
}

/** Undefined for a service that is built and named by compose itself; a text says why it cannot be told. */
function useOf(
  service: ComposeService,
  services: ReadonlyMap<string, ComposeService>,
  env: Environment,
): ImageUse | string | undefined {
  const { name } = service
  const chain = extended(service, services)
  const written = chain.find(({ image }) => image !== undefined && image.text !== '')?.image?.text
  const last = chain.at(-1)
  const file = last && textOf(last.entry.value, 'extends', 'file')
  if (written === undefined) return file ? `service ${name} extends ${file}: ${instead}` : undefined
  const image = interpolate(written, env)
  if (image === undefined) return `service ${name}: the image ${written} has a variable without a value`
  const bound = chain.find(({ platform }) => platform !== undefined)?.platform?.text
  const platform = platformOf(interpolate(bound ?? '', env) ?? '')
  return { image, usedBy: `service ${name}`, platforms: platform ? [platform] : [] }
}

/** The service, and those of the same file that it extends, nearest first. */
function extended(service: ComposeService, services: ReadonlyMap<string, ComposeService>): ComposeService[] {
  const chain: ComposeService[] = []
  for (let next: ComposeService | undefined = service; next && !chain.includes(next); ) {
    chain.push(next)
    const from = valueAt(next.entry.value, 'extends')
    const isHere = from !== undefined && !entriesAt(from).some(({ key }) => key === 'file')
    const base: string | undefined = isHere ? (textOf(from, 'service') ?? textOf(from)) : undefined
    next = base === undefined ? undefined : services.get(base)
  }
  return chain
}
