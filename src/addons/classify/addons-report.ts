/** Everything that `everyarch addons` says, as one value. */
import type { Finding } from '../../base/index.ts'
import { nameAndVersion, type PackageLock, why } from '../../lockfile/index.ts'
import type { AddonPackage, AddonStatus } from './addon-package.ts'

/** A package with the shortest way from the project to it. */
export type ReportedAddon = AddonPackage & {
  /** `name@version` of every step, the project first */
  path: string[]
}

/** A package whose tarball could not be had. */
export interface UnreadPackage {
  package: string
  reason: string
  /** the lock gives reason to think that it has native code */
  suspected: boolean
}

export interface AddonsReport {
  project: string
  lockfile: string
  node: { version: string; reason: string }
  libc: { name: 'glibc' | 'musl'; version?: string; reason: string }
  platforms: string[]
  /** what the service needs, sorted by location */
  packages: ReportedAddon[]
  /** what only development needs: it runs on the machine that builds, and is in no image */
  development: ReportedAddon[]
  /** what the lockfile lacks for the platforms */
  findings: Finding[]
  unread: UnreadPackage[]
}

/** Adds to each package how the project comes to need it, and sets those apart that only development needs. */
export function addonsReport(
  lock: PackageLock,
  addons: readonly AddonPackage[],
  facts: Omit<AddonsReport, 'packages' | 'development' | 'lockfile'>,
): AddonsReport {
  const reported = addons.map((addon) => ({
    ...addon,
    path: why(lock, addon.location).map((step) => step.package),
  }))
  const { project, node, libc, platforms, findings, unread } = facts
  return {
    project,
    lockfile: lock.file,
    node,
    libc,
    platforms,
    packages: reported.filter(({ dev }) => !dev),
    development: reported.filter(({ dev }) => dev),
    findings,
    unread,
  }
}

/** Packages that the service needs and that no build can give every platform, as `name@version`. */
export function unavailablePackages({ packages }: Pick<AddonsReport, 'packages'>): string[] {
  const isUnavailable = ({ status }: AddonStatus) => status === 'impossible' || status === 'wasm'
  return packages
    .filter(({ optional, platforms }) => !optional && Object.values(platforms).some(isUnavailable))
    .map(nameAndVersion)
}
