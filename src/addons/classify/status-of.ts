/** What a package has for one platform, in the order in which npm and its loader would take it. */
import { hasFamily, type LockedPackage, nameAndVersion, wasmMember } from '../../lockfile/index.ts'
import type { TargetPlatform } from '../../npm/index.ts'
import type { AddonStatus, Builder } from './addon-package.ts'
import { downloadUrl } from './download-url.ts'
import { choose } from './fitting-binary.ts'
import { type KnownPackage, knownPackage } from './needs/known-packages.ts'
import type { PackageFacts } from './package-facts.ts'

/** An optional package that was chosen for a platform. */
export interface Carrier {
  locked: LockedPackage
  /** absent: it could not be opened */
  facts?: PackageFacts
}

/** A package as one platform has it. */
export interface Candidate {
  locked: LockedPackage
  facts: PackageFacts
  carriers: readonly Carrier[]
  /** optional packages that are named for the platform, and that it does not have */
  missing: readonly string[]
}

export function statusOf(candidate: Candidate, target: TargetPlatform): AddonStatus {
  const { locked, facts, carriers, missing } = candidate
  const known = knownPackage(locked)
  if (known?.payload) return payloadStatus(facts, known, target)
  const carried = carriedStatus(carriers, target)
  if (carried?.status === 'prebuilt') return carried
  const bundled = choose(facts.compiled.binaries, target)
  if (bundled.chosen) {
    const { path, glibc } = bundled.chosen
    return { status: 'prebuilt', how: 'bundled', evidence: path, ...(glibc ? { glibc } : {}) }
  }
  const lost = missing.length > 0 ? `${missing.join(', ')} is listed, but not installed` : undefined
  const none = hasFamily(locked) ? 'none of its optional packages is for this platform' : undefined
  const reason = carried?.reason ?? lost ?? none ?? bundled.reason
  const rest = withoutBinary(locked, facts, target)
  return { ...rest, ...(reason !== undefined && rest.reason === undefined ? { reason } : {}) }
}

/** What a package itself could be compiled with; undefined: nothing compiles it. */
export function builderOf({ scripts, implicit, build }: PackageFacts): Builder | undefined {
  return implicit || build.system === 'node-gyp' ? (scripts.builder ?? 'node-gyp') : scripts.builder
}

function payloadStatus(
  { scripts }: PackageFacts,
  known: KnownPackage | undefined,
  { platform }: TargetPlatform,
): AddonStatus {
  const evidence = scripts.commands.join('; ')
  const what = known?.payload?.what ?? 'something'
  const refused = refusal(known, platform.architecture)
  if (refused) return { status: 'impossible', evidence, reason: refused }
  return {
    status: 'download',
    evidence,
    reason: `its script downloads ${what} for the machine that it runs on`,
  }
}

function refusal({ refuses }: KnownPackage = {}, architecture: string): string | undefined {
  return refuses?.architectures.includes(architecture) ? refuses.because : undefined
}

function carriedStatus(carriers: readonly Carrier[], target: TargetPlatform): AddonStatus | undefined {
  if (carriers.length === 0) return undefined
  const evidence = carriers.map((carrier) => nameAndVersion(carrier.locked)).join(', ')
  const binaries = carriers.flatMap((carrier) => carrier.facts?.compiled.binaries ?? [])
  const { chosen, reason } = choose(binaries, target)
  // A carrier without a file that we know as compiled is believed by its name.
  if (!chosen && reason) return { status: 'impossible', evidence, reason: `${evidence}: ${reason}` }
  const glibc = chosen?.glibc
  return { status: 'prebuilt', how: 'optional-package', evidence, ...(glibc ? { glibc } : {}) }
}

function withoutBinary(locked: LockedPackage, facts: PackageFacts, target: TargetPlatform): AddonStatus {
  const { scripts, hasStep, template, compiled } = facts
  const commands = scripts.commands.join('; ')
  const refused = refusal(knownPackage(locked), target.platform.architecture)
  if (refused) return { status: 'impossible', evidence: commands, reason: refused }
  if (scripts.downloader) {
    const url = template && downloadUrl(template, target)
    return { status: 'download', evidence: commands, ...(url ? { url } : {}) }
  }
  if (builderOf(facts)) return { status: 'compile', evidence: compileEvidence(facts) }
  if (scripts.payload && !hasFamily(locked) && compiled.binaries.length === 0)
    return payloadStatus(facts, undefined, target)
  const wasm = wasmMember(locked)
  if (wasm !== undefined) return { status: 'wasm', evidence: wasm }
  if (hasFamily(locked)) return { status: 'impossible', evidence: 'optionalDependencies' }
  if (compiled.binaries.length > 0 || compiled.stray.length > 0)
    return { status: 'impossible', evidence: 'its tarball' }
  return { status: 'not-native', evidence: hasStep ? commands : 'package.json' }
}

function compileEvidence({ scripts, implicit }: PackageFacts): string {
  if (implicit) return 'binding.gyp: npm runs node-gyp rebuild'
  return scripts.builder ? scripts.commands.join('; ') : 'binding.gyp'
}
