/** A builder as buildx knows it, and what it does with a platform. */
import { canServe, formatPlatform, type Platform, samePlatform } from '../../../oci/index.ts'

export interface BuilderNode {
  name: string
  endpoint: string
  /** `running`, `inactive`, `stopped`, … */
  status: string
  /** as it says, such as `v0.16.0`; absent while it is not running */
  version?: string
  /** what it builds, its own first */
  platforms: readonly Platform[]
  /** those of them that were assigned to it by hand */
  assigned: readonly Platform[]
  /** what its CPU and kernel are; absent where it cannot be told */
  native?: Platform
  /** why it cannot be used */
  error?: string
}

export interface Builder {
  name: string
  /** `docker`, `docker-container`, `kubernetes`, `remote`, `cloud` */
  driver: string
  nodes: readonly BuilderNode[]
}

export type Execution = 'native' | 'emulated' | 'impossible'

/** The node that buildx gives a platform to: one that it was assigned to, else the first that lists it. */
export function nodeFor({ nodes }: Builder, platform: Platform): BuilderNode | undefined {
  const usable = nodes.filter((node) => node.error === undefined)
  const lists = (list: readonly Platform[]) => list.some((one) => samePlatform(one, platform))
  return (
    usable.find(({ assigned }) => lists(assigned)) ??
    usable.find(({ platforms }) => lists(platforms)) ??
    usable.find(({ platforms }) => platforms.some((one) => canServe(platform, one)))
  )
}

/** How a builder executes programs of a platform. */
export function executionOf(builder: Builder, platform: Platform): Execution {
  const node = nodeFor(builder, platform)
  if (!node) return 'impossible'
  return node.native === undefined || runsNatively(platform, node.native) ? 'native' : 'emulated'
}

/** Whether a CPU executes a platform itself. 64-bit x86 executes 32-bit; not every 64-bit Arm does, and BuildKit lists it if so. */
export function runsNatively(platform: Platform, native: Platform): boolean {
  if (platform.os !== native.os) return false
  if (platform.architecture === native.architecture) return true
  return platform.architecture === '386' && native.architecture === 'amd64'
}

/** `default (docker, linux/amd64; linux/arm64 emulated)` */
export function builderText(builder: Builder, platforms: readonly Platform[]): string {
  const by = (wanted: Execution) =>
    platforms.filter((platform) => executionOf(builder, platform) === wanted).map(formatPlatform)
  const emulated = by('emulated')
  const parts = [by('native').join(', '), emulated.length > 0 ? `${emulated.join(', ')} emulated` : '']
  return `${builder.name} (${[builder.driver, parts.filter(Boolean).join('; ')].filter(Boolean).join(': ')})`
}
