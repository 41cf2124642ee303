/** A target as `docker buildx bake --print` shows it, in the words of a build. */
import type { BuildxOptions } from '../build-request.ts'
import type { BakeTarget } from './read-bake.ts'

export interface Printed {
  group?: Record<string, { targets?: string[] }>
  target?: Record<string, PrintedTarget>
}

/** Lists of specifications are texts in older versions, and objects in newer ones. */
type Specification = string | Record<string, string>

export interface PrintedTarget {
  context?: string
  contexts?: Record<string, string>
  dockerfile?: string
  'dockerfile-inline'?: string
  args?: Record<string, string>
  labels?: Record<string, string>
  annotations?: string[]
  tags?: string[]
  target?: string
  platforms?: string[]
  secret?: Specification[]
  ssh?: (string | { id?: string; paths?: string[] })[]
  'cache-from'?: Specification[]
  'cache-to'?: Specification[]
  attest?: Specification[]
  entitlements?: string[]
  'extra-hosts'?: Record<string, string>
  'no-cache'?: boolean
  'shm-size'?: string
  ulimits?: string[]
  pull?: boolean
  network?: string
  output?: Specification[]
  description?: string
}

/** Everything that a build of ours does as buildx would; `description` does nothing. */
const understood: ReadonlySet<string> = new Set<keyof PrintedTarget>([
  'context',
  'contexts',
  'dockerfile',
  'dockerfile-inline',
  'args',
  'labels',
  'annotations',
  'tags',
  'target',
  'platforms',
  'secret',
  'ssh',
  'cache-from',
  'cache-to',
  'attest',
  'entitlements',
  'extra-hosts',
  'no-cache',
  'shm-size',
  'ulimits',
  'pull',
  'network',
  'description',
])

const resultOfTarget = 'target:'

export function wordsOf(
  target: PrintedTarget,
): Pick<BakeTarget, 'platforms' | 'tags' | 'options' | 'links' | 'unused'> {
  const contexts = Object.entries(target.contexts ?? {})
  return {
    platforms: target.platforms ?? [],
    tags: target.tags ?? [],
    options: optionsOf(target),
    links: contexts
      .filter(([, place]) => place.startsWith(resultOfTarget))
      .map(([context, place]) => ({ context, target: place.slice(resultOfTarget.length) })),
    unused: Object.keys(target).filter((key) => !understood.has(key) && !isOnlyCached(key, target)),
  }
}

/** Newer versions say so themselves of targets that only others need. */
function isOnlyCached(key: string, { output = [] }: PrintedTarget): boolean {
  return key === 'output' && output.every((each) => specification(each) === 'type=cacheonly')
}

function optionsOf(target: PrintedTarget): BuildxOptions {
  const pairs = (values: Record<string, string> = {}) =>
    Object.entries(values).map(([name, value]) => `${name}=${value}`)
  return {
    buildArgs: pairs(target.args),
    labels: pairs(target.labels),
    annotations: target.annotations ?? [],
    buildContexts: pairs(target.contexts).filter((pair) => !pair.includes(`=${resultOfTarget}`)),
    secrets: (target.secret ?? []).map(specification),
    ssh: (target.ssh ?? []).map(agent),
    cacheFrom: (target['cache-from'] ?? []).map(specification),
    cacheTo: (target['cache-to'] ?? []).map(specification),
    attest: (target.attest ?? []).map(specification),
    allow: target.entitlements ?? [],
    addHosts: Object.entries(target['extra-hosts'] ?? {}).map(([host, address]) => `${host}:${address}`),
    ulimits: target.ulimits ?? [],
    noCache: target['no-cache'] ?? false,
    pull: target.pull ?? false,
    ...(target.target === undefined ? {} : { target: target.target }),
    ...(target.network === undefined ? {} : { network: target.network }),
    ...(target['shm-size'] === undefined ? {} : { shmSize: target['shm-size'] }),
  }
}

/** `ID`, or `ID=PATHS`. */
function agent(value: string | { id?: string; paths?: string[] }): string {
  if (typeof value === 'string') return value
  const { id = 'default', paths = [] } = value
  return paths.length > 0 ? `${id}=${paths.join(',')}` : id
}

/** `type=gha,mode=max`. */
function specification(value: Specification): string {
  if (typeof value === 'string') return value
  const { type, ...rest } = value
  const fields = Object.entries({ ...(type === undefined ? {} : { type }), ...rest })
  return fields.map(([name, text]) => `${name}=${text}`).join(',')
}
