/** What a builder is made of, as far as it decides what runs natively. */
import { canServe, formatPlatform, parsePlatform } from '../oci/index.ts'

export interface BuilderNode {
  readonly name: string
  /** what it builds, as `os/architecture[/variant]`, its own first */
  readonly platforms: readonly string[]
  /** what its CPU executes itself */
  readonly native: string
  /** platforms that were given to it by hand: they go to it and to no other */
  readonly assigned?: readonly string[]
}

export interface BuilderFacts {
  /** as messages call it: `builder default`, `this x86-64 machine` */
  readonly name: string
  readonly nodes: readonly BuilderNode[]
}

export type Execution = 'native' | 'emulated' | 'impossible'

/** The node that a platform's build goes to, whole: one that it was assigned to, else the first that lists it. */
export function nodeFor({ nodes }: BuilderFacts, platform: string): BuilderNode | undefined {
  return (
    nodes.find(({ assigned = [] }) => assigned.some((each) => isSame(each, platform))) ??
    nodes.find(({ platforms }) => platforms.some((each) => isSame(each, platform))) ??
    nodes.find(({ platforms }) => platforms.some((each) => serves(platform, each)))
  )
}

/** How a node executes the programs of a platform. */
export function executionOn({ native, platforms }: BuilderNode, platform: string): Execution {
  const [own, wanted] = [partsOf(native), partsOf(platform)]
  if (own.os === wanted.os) {
    if (own.architecture === wanted.architecture) return 'native'
    // 64-bit x86 executes 32-bit; not every 64-bit Arm does.
    if (own.architecture === 'amd64' && wanted.architecture === '386') return 'native'
  }
  return platforms.some((each) => isSame(each, platform) || serves(platform, each))
    ? 'emulated'
    : 'impossible'
}

/** A machine as a builder: what its CPU is, and which others its kernel has emulators for. */
export function machineBuilder(native: string, emulated: readonly string[]): BuilderFacts {
  const name = `this ${cpuName(native)} machine`
  return { name, nodes: [{ name: 'this machine', native, platforms: [native, ...emulated] }] }
}

function cpuName(platform: string): string {
  const { architecture } = partsOf(platform)
  return { amd64: 'x86-64', '386': '32-bit x86' }[architecture] ?? architecture
}

function partsOf(platform: string): { os: string; architecture: string } {
  const [os = '', architecture = ''] = platform.split('/')
  return { os, architecture }
}

function isSame(a: string, b: string): boolean {
  return normal(a) === normal(b)
}

function serves(wanted: string, listed: string): boolean {
  try {
    return canServe(parsePlatform(wanted), parsePlatform(listed))
  } catch {
    return false
  }
}

/** A platform that we do not know is compared as it is written. */
function normal(platform: string): string {
  try {
    return formatPlatform(parsePlatform(platform))
  } catch {
    return platform
  }
}
