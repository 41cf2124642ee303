/** What a builder is made of, as far as it decides what runs natively. */
import { canServe, formatPlatform, type Platform, runsNatively, samePlatform } from '../oci/index.ts'

export interface BuilderNode {
  readonly name: string
  /** what it builds, its own first */
  readonly platforms: readonly Platform[]
  /** those of them that were assigned to it by hand: they go to it and to no other */
  readonly assigned: readonly Platform[]
  /** what its CPU executes itself; absent where it cannot be told */
  readonly native?: Platform
  /** why it cannot be used */
  readonly error?: string
}

export interface BuilderFacts {
  /** as messages call it: `the builder default`, `this x86-64 machine` */
  readonly name: string
  readonly nodes: readonly BuilderNode[]
}

export type Execution = 'native' | 'emulated' | 'impossible'

/** The node that buildx gives a platform to: one that it was assigned to, else the first that lists it. */
export function nodeFor<Node extends BuilderNode>(
  { nodes }: { readonly nodes: readonly Node[] },
  platform: Platform,
): Node | undefined {
  const usable = nodes.filter((node) => node.error === undefined)
  const lists = (list: readonly Platform[]) => list.some((one) => samePlatform(one, platform))
  return (
    usable.find(({ assigned }) => lists(assigned)) ??
    usable.find(({ platforms }) => lists(platforms)) ??
    usable.find(({ platforms }) => platforms.some((one) => canServe(platform, one)))
  )
}

/** How a node executes the programs of a platform. One whose CPU is not known is taken at its word. */
export function executionOn({ native, platforms }: BuilderNode, platform: Platform): Execution {
  if (native && runsNatively(platform, native)) return 'native'
  const listed = platforms.some((one) => samePlatform(one, platform) || canServe(platform, one))
  if (!listed) return 'impossible'
  return native ? 'emulated' : 'native'
}

/** How a builder executes the programs of a platform that it builds. */
export function executionOf(builder: Pick<BuilderFacts, 'nodes'>, platform: Platform): Execution {
  const node = nodeFor(builder, platform)
  return node ? executionOn(node, platform) : 'impossible'
}

/** A machine as a builder: what its CPU is, and which others its kernel has emulators for. */
export function machineBuilder(native: Platform, emulated: readonly Platform[]): BuilderFacts {
  return {
    name: `this ${cpuNames[native.architecture] ?? native.architecture} machine`,
    nodes: [{ name: 'this machine', native, platforms: [native, ...emulated], assigned: [] }],
  }
}

const cpuNames: Record<string, string> = { amd64: 'x86-64', '386': '32-bit x86' }

/** What a builder does with platforms, in a few words: `linux/amd64; linux/arm64 emulated`. */
export function executionText(builder: Pick<BuilderFacts, 'nodes'>, platforms: readonly Platform[]): string {
  const by = (wanted: Execution) =>
    platforms
      .filter((platform) => executionOf(builder, platform) === wanted)
      .map(formatPlatform)
      .join(', ')
  const [native, emulated] = [by('native'), by('emulated')]
  return [native, emulated && `${emulated} emulated`].filter(Boolean).join('; ')
}
