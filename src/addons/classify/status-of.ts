/** What a package has for one platform, in the order in which npm and its loader would take it. */
import { hasFamily, type LockedPackage, nameAndVersion } from '../../lockfile/index.ts'
import type { TargetPlatform } from '../../npm/index.ts'
import type { AddonStatus } from './addon-package.ts'
import { downloadUrl } from './download-url.ts'
import { choose } from './fitting-binary.ts'
import type { PackageFacts } from './package-facts.ts'

/** An optional package that was chosen for a platform. */
export interface Carrier {
  locked: LockedPackage
  facts: PackageFacts
}

export function statusOf(
  locked: LockedPackage,
  facts: PackageFacts,
  carriers: readonly Carrier[],
  target: TargetPlatform,
): AddonStatus {
  const carried = carriedStatus(carriers, target)
  if (carried?.status === 'prebuilt') return carried
  const bundled = choose(facts.compiled.binaries, target)
  if (bundled.chosen) {
    const { path, glibc } = bundled.chosen
    return { status: 'prebuilt', how: 'bundled', evidence: path, ...(glibc ? { glibc } : {}) }
  }
  const reason = carried?.reason ?? bundled.reason ?? (hasFamily(locked) ? noneListed : undefined)
  return { ...withoutBinary(locked, facts, target), ...(reason ? { reason } : {}) }
}

const noneListed = 'none of its optional packages is for this platform'

function carriedStatus(carriers: readonly Carrier[], target: TargetPlatform): AddonStatus | undefined {
  if (carriers.length === 0) return undefined
  const evidence = carriers.map((carrier) => nameAndVersion(carrier.locked)).join(', ')
  const binaries = carriers.flatMap((carrier) => carrier.facts.compiled.binaries)
  const { chosen, reason } = choose(binaries, target)
  // A carrier without a file that we know as compiled is believed by its name.
  if (!chosen && reason) return { status: 'impossible', evidence, reason: `${evidence}: ${reason}` }
  const glibc = chosen?.glibc
  return { status: 'prebuilt', how: 'optional-package', evidence, ...(glibc ? { glibc } : {}) }
}

function withoutBinary(locked: LockedPackage, facts: PackageFacts, target: TargetPlatform): AddonStatus {
  const { scripts, implicit, hasStep, template } = facts
  const commands = scripts.commands.join('; ')
  if (scripts.downloader) {
    const url = template && downloadUrl(template, target)
    return { status: 'download', evidence: commands, ...(url ? { url } : {}) }
  }
  if (implicit) return { status: 'compile', evidence: 'binding.gyp: npm runs node-gyp rebuild' }
  if (scripts.builder) return { status: 'compile', evidence: commands }
  if (hasFamily(locked)) return { status: 'impossible', evidence: 'optionalDependencies' }
  if (facts.compiled.binaries.length > 0) return { status: 'impossible', evidence: 'its tarball' }
  return { status: 'not-native', evidence: hasStep ? commands : 'package.json' }
}
