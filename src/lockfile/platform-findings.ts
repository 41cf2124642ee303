import { type Finding, InternalError } from '../base/index.ts'
import type { NpmTarget, Omission } from './select-packages.ts'
import type { PackageLock } from './package-lock.ts'

export interface PlatformFindingsOptions {
  /** platform as findings name it (`linux/arm64`) → what its packages must fit */
  targets: ReadonlyMap<string, NpmTarget>
  omit?: readonly Omission[]
  legacyPeerDeps?: boolean
}

/**
 * What a lock lacks or forbids for the platforms. `lockfile/missing-platform-packages`: optional packages that no entry stands
 * for (error when a requested platform would need one, else warning); `lockfile/unsupported-platform`: a package
 * that is not optional excludes a requested platform.
 */
export function platformFindings(lock: PackageLock, options: PlatformFindingsOptions): Finding[] {
  throw new InternalError(`not written yet ${lock.file} ${options.targets.size}`)
}
