/** A suite where its packages can be had: on a mirror that was named, else where the host's own apt would look. */
import type { CancelOptions } from '../../base/index.ts'
import type { DebianPorts } from '../ports.ts'
import { hostArchives } from './host-archives.ts'
import { mirrorArchives } from './mirror-archives.ts'
import type { ReleaseAccess, VerifiedRelease } from './release-index.ts'
import { suiteReleases } from './suite-releases.ts'

export interface SuiteRequest {
  /** Debian's codename: `bookworm`, `trixie` … */
  suite: string
  /** archive root, such as the folder that holds `dists/` and `pool/`; default: the host's apt sources */
  mirror?: string
  /** whether an expired index is refused; default true, or what the host's apt does. A snapshot of the past needs `false` */
  checkValidUntil?: boolean
  /** milliseconds for which a mirror's answer counts as its present index; default 0: every run asks */
  indexMaxAge?: number
}

/** Gets the verified indexes of the suite's parts. Throws `DebianError`. */
export async function openSuite(
  { suite, mirror, checkValidUntil, indexMaxAge = 0 }: SuiteRequest,
  access: Omit<ReleaseAccess, 'indexMaxAge'> & { ports: DebianPorts },
  options: CancelOptions,
): Promise<{ release: VerifiedRelease; all: readonly VerifiedRelease[] }> {
  const parts =
    mirror === undefined
      ? await hostArchives(access.ports.hostRoot, suite, checkValidUntil)
      : mirrorArchives(mirror, suite, checkValidUntil ?? true)
  return suiteReleases(suite, parts, { ...access, indexMaxAge }, options)
}
