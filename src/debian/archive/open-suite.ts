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
  /** whether an expired index of `mirror` is refused (default true); a snapshot of the past needs `false` */
  checkValidUntil?: boolean
}

/** Gets the verified indexes of the suite's parts. Throws `DebianError`. */
export async function openSuite(
  { suite, mirror, checkValidUntil = true }: SuiteRequest,
  access: ReleaseAccess & { ports: DebianPorts },
  options: CancelOptions,
): Promise<{ release: VerifiedRelease; all: readonly VerifiedRelease[] }> {
  const parts =
    mirror === undefined
      ? await hostArchives(access.ports.hostRoot, suite)
      : mirrorArchives(mirror, suite, checkValidUntil)
  return suiteReleases(suite, parts, access, options)
}
