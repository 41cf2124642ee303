/** Records are kept on disk: credentials of a mirror's URL are not. */
import { displayUrl } from '../archive/mirror.ts'
import type { VerifiedRelease } from '../archive/release-index.ts'
import type { ResolvedPackage } from './resolved-package.ts'

/** The package as a record may hold it. */
export function withoutCredentials(resolved: ResolvedPackage): ResolvedPackage {
  return { ...resolved, archiveUri: displayUrl(resolved.archiveUri) }
}

/** Gives packages of a record the URLs back that the run has for them. */
export function withCredentials(
  releases: readonly VerifiedRelease[],
): (resolved: ResolvedPackage) => ResolvedPackage {
  const uris = new Map(releases.map(({ archive: { uri } }) => [displayUrl(uri), uri]))
  return (resolved) => ({ ...resolved, archiveUri: uris.get(resolved.archiveUri) ?? resolved.archiveUri })
}
