/** Labels that every registry and scanner understands (OCI image specification, annotations.md, pre-defined keys). */
import type { GitFacts } from './git/git-facts.ts'
import type { PackageJson } from './package-json.ts'
import { repositoryAddress } from './git/web-address.ts'

/**
 * `org.opencontainers.image.*` from package.json and git: title, description, version, licenses, url, source, revision (with
 * `-dirty` when files differ from the commit), authors, and `created` only when `sourceDateEpoch` (seconds since 1970) is
 * given. Used for labels and annotations alike.
 */
export function imageLabels(
  packageJson: PackageJson,
  git: GitFacts,
  sourceDateEpoch: number | undefined,
): Record<string, string> {
  const { name, description, version, homepage, author, repository } = packageJson
  return predefined({
    title: name,
    description,
    version,
    licenses: licenseExpression(packageJson.license),
    url: homepage,
    source: git.source ?? (repository && repositoryAddress(repository)),
    revision: revisionOf(git),
    authors: author,
    created: isoTime(sourceDateEpoch),
  })
}

/**
 * The same of a commit alone: revision and source; `version` is what its image is called, `created` the commit's own time
 * (seconds since 1970), so that building it again gives the same image.
 */
export function commitLabels(
  git: GitFacts,
  { version, committed }: { version: string | undefined; committed: number | undefined },
): Record<string, string> {
  return predefined({
    source: git.source,
    revision: revisionOf(git),
    version,
    created: isoTime(committed),
  })
}

function revisionOf({ revision, dirty }: GitFacts): string | undefined {
  return revision && `${revision}${dirty ? '-dirty' : ''}`
}

/** What is not known is left out. */
function predefined(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      value ? [[`org.opencontainers.image.${key}`, value]] : [],
    ),
  )
}

/** npm's `UNLICENSED` and `SEE LICENSE IN file` are no SPDX expressions, which the label has to be. */
function licenseExpression(license: string | undefined): string | undefined {
  return license === undefined || /^(?:UNLICENSED$|SEE LICENSE IN )/i.test(license) ? undefined : license
}

function isoTime(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
