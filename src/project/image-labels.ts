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
  const revision = git.revision && `${git.revision}${git.dirty ? '-dirty' : ''}`
  const values: Record<string, string | undefined> = {
    title: name,
    description,
    version,
    licenses: licenseExpression(packageJson.license),
    url: homepage,
    source: git.source ?? (repository && repositoryAddress(repository)),
    revision,
    authors: author,
    created: sourceDateEpoch === undefined ? undefined : isoTime(sourceDateEpoch),
  }
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

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
}
