/** Platforms: `os/architecture[/variant]`, with Go's names, normalised as container engines do (containerd/platforms). */
import { compareText } from '../base/index.ts'
import { OciError } from './oci-error.ts'

export interface Platform {
  os: string
  architecture: string
  /** `v6`, `v7`, `v8` for arm; `v2`, `v3`, `v4` for amd64; absent for an architecture's default */
  variant?: string
  'os.version'?: string
  'os.features'?: string[]
}

const operatingSystems = new Set([
  'linux',
  'windows',
  'darwin',
  'freebsd',
  'openbsd',
  'netbsd',
  'solaris',
  'aix',
  'wasip1',
])
const variants: Record<string, readonly string[]> = {
  amd64: ['v1', 'v2', 'v3', 'v4'],
  arm64: ['v8', 'v9'],
  arm: ['v5', 'v6', 'v7', 'v8'],
}
const architectures = new Set([
  ...Object.keys(variants),
  '386',
  'ppc64le',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips',
  'mipsle',
  'mips64',
  'mips64le',
  'wasm',
])

/** Other names of an architecture that engines accept, with the variant they imply. */
const architectureAliases: Record<string, { architecture: string; variant?: string }> = {
  x86_64: { architecture: 'amd64' },
  'x86-64': { architecture: 'amd64' },
  aarch64: { architecture: 'arm64' },
  armhf: { architecture: 'arm', variant: 'v7' },
  armel: { architecture: 'arm', variant: 'v6' },
  i386: { architecture: '386' },
}

/** Names that engines do not accept, with what was most likely meant. */
const likelyMeant: Record<string, string> = {
  x86: 'amd64',
  x64: 'amd64',
  intel: 'amd64',
  amd: 'amd64',
  arm32: 'arm/v7',
  armv6: 'arm/v6',
  armv7: 'arm/v7',
  armv7l: 'arm/v7',
  armv8: 'arm64',
  arm64v8: 'arm64',
  ia32: '386',
  x32: '386',
  ppc64el: 'ppc64le',
  s390: 's390x',
  riscv: 'riscv64',
}

/**
 * Parses `os/architecture[/variant]` (or a lone architecture: its system is linux) and normalises it: aliases resolved,
 * the default variant of amd64 (`v1`) and arm64 (`v8`) dropped, arm without variant is `v7`.
 * Throws `OciError` `INVALID_PLATFORM` whose hint names the platform that was likely meant.
 */
export function parsePlatform(text: string): Platform {
  const parts = text.trim().toLowerCase().split('/')
  if (parts.length === 1 && parts[0]) parts.unshift('linux')
  const [os = '', name = '', givenVariant, ...rest] = parts
  const alias = architectureAliases[name]
  const architecture = alias?.architecture ?? name
  const variant = givenVariant ?? alias?.variant
  if (!operatingSystems.has(os) || !architectures.has(architecture) || rest.length > 0 || variant === '') {
    throw invalidPlatform(text, suggestion(os, name))
  }
  if (variant !== undefined && !(variants[architecture] ?? []).includes(variant)) {
    throw invalidPlatform(text, suggestion(os, `${name}${variant}`) ?? `${os}/${architecture}`)
  }
  return normalizePlatform({ os, architecture, ...(variant ? { variant } : {}) })
}

function suggestion(os: string, name: string): string | undefined {
  const meant = likelyMeant[name] ?? (architectures.has(name) ? name : undefined)
  return meant && `${operatingSystems.has(os) ? os : 'linux'}/${meant}`
}

function invalidPlatform(text: string, meant: string | undefined): OciError {
  const hint = '--platform takes os/architecture[/variant], such as linux/amd64 or linux/arm64'
  return new OciError('INVALID_PLATFORM', `${text} is not a platform`, {
    kind: 'usage',
    hint: meant ? `${hint}\ndid you mean ${meant}?` : hint,
    details: { platform: text, ...(meant ? { suggestion: meant } : {}) },
  })
}

/** The same platform with its architecture's default variant made implicit, and arm's made explicit. */
export function normalizePlatform(platform: Platform): Platform {
  const { variant, ...rest } = platform
  if (platform.architecture === 'amd64' && variant === 'v1') return rest
  if (platform.architecture === 'arm64' && variant === 'v8') return rest
  if (platform.architecture === 'arm' && !variant) return { ...platform, variant: 'v7' }
  return variant === undefined || variant === '' ? rest : platform
}

/** `os/architecture[/variant]`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = normalizePlatform(platform)
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`
}

export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(a) === formatPlatform(b)
}

/**
 * Whether an image for `offered` runs where `wanted` is asked for: the same platform, or a lower variant of the same
 * architecture (arm/v6 on arm/v7, amd64 on amd64/v3).
 */
export function canServe(offered: Platform, wanted: Platform): boolean {
  if (offered.os !== wanted.os || offered.architecture !== wanted.architecture) return false
  return variantNumber(offered) <= variantNumber(wanted)
}

function variantNumber(platform: Platform): number {
  const implied: Record<string, string> = { amd64: 'v1', arm64: 'v8', arm: 'v7' }
  return Number.parseInt((platform.variant || implied[platform.architecture] || 'v0').slice(1), 10) || 0
}

/** Whether a CPU executes a platform itself. 64-bit x86 executes 32-bit; not every 64-bit Arm does. */
export function runsNatively(platform: Platform, native: Platform): boolean {
  if (platform.os !== native.os) return false
  if (platform.architecture === native.architecture) return true
  return platform.architecture === '386' && native.architecture === 'amd64'
}

/** Of several offers that can serve `wanted`, the best: the highest variant; undefined when there is none. */
export function bestMatch<T>(
  offers: readonly T[],
  platformOf: (offer: T) => Platform,
  wanted: Platform,
): T | undefined {
  return offers
    .filter((offer) => canServe(platformOf(offer), wanted))
    .sort((a, b) => variantNumber(platformOf(b)) - variantNumber(platformOf(a)))[0]
}

/** A comma-separated list, each parsed, duplicates dropped, order kept. */
export function parsePlatforms(list: string): Platform[] {
  const seen = new Map<string, Platform>()
  for (const text of list
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)) {
    const platform = parsePlatform(text)
    seen.set(formatPlatform(platform), platform)
  }
  return [...seen.values()]
}

/** Orders platforms by their text. */
export function comparePlatforms(a: Platform, b: Platform): number {
  return compareText(formatPlatform(a), formatPlatform(b))
}
