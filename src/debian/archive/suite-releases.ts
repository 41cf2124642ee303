/** The parts of a suite that are really there: its release, its updates, its security updates. */
import { type CancelOptions, type Finding, throwIfAborted } from '../../base/index.ts'
import { DebianError } from '../debian-error.ts'
import type { Archive, ArchiveParts } from './archive.ts'
import { displayUrl } from './mirror.ts'
import { fetchRelease, type ReleaseAccess, type VerifiedRelease } from './release-index.ts'

/** Gets the index of each part. Throws `DebianError`, `DEBIAN_SUITE_NOT_FOUND` among them. */
export async function suiteReleases(
  suite: string,
  parts: ArchiveParts,
  access: ReleaseAccess,
  options: CancelOptions,
): Promise<{ release: VerifiedRelease; all: readonly VerifiedRelease[] }> {
  const [release, updates, security] = await Promise.all(
    [parts.release, parts.updates, parts.security].map((places) => firstOf(places, access, options)),
  )
  if (!release) throw suiteNotFound(suite, parts.release)
  if (parts.security.length > 0 && !security) access.report(noSecurityUpdates(suite, parts.security))
  return { release, all: [release, updates, security].filter((found) => found !== undefined) }
}

/**
 * The first place that has the part, Debian's own before others: an apt source of somebody else may use the suite's name for
 * packages that are built for it. Fails with the first failure when Debian's own was not found: a place that lies must not be
 * passed over for another.
 */
async function firstOf(
  places: readonly Archive[],
  access: ReleaseAccess,
  options: CancelOptions,
): Promise<VerifiedRelease | undefined> {
  let other: VerifiedRelease | undefined
  let failure: unknown
  for (const place of places) {
    try {
      const found = await fetchRelease(place, access, options)
      if (found?.release.origin === 'Debian') return found
      other ??= found
    } catch (error) {
      throwIfAborted(options.signal)
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  return other
}

function suiteNotFound(suite: string, places: readonly Archive[]): DebianError {
  const where = places.map(({ uri }) => displayUrl(uri)).join(', ')
  return new DebianError('DEBIAN_SUITE_NOT_FOUND', `there is no suite ${suite} at ${where}`, {
    kind: 'usage',
    hint: 'a suite is a codename of Debian, such as bookworm or trixie; suites whose support has ended have moved to https://archive.debian.org/debian',
    details: { suite },
  })
}

function noSecurityUpdates(suite: string, places: readonly Archive[]): Finding {
  return {
    rule: 'base/no-security-updates',
    severity: 'warning',
    message: `no security updates for ${suite}: there is no such suite at ${places.map(({ uri }) => displayUrl(uri)).join(', ')}`,
    hint: "a mirror needs the archive debian-security beside debian, as Debian's own mirrors of security updates have it",
  }
}
