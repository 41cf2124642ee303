import { InternalError } from '../base/index.ts'
import type { GitFacts } from './git-facts.ts'
import type { PackageJson } from './package-json.ts'

/**
 * `org.opencontainers.image.*` from package.json and git: title, description, version, licenses, url, source, revision,
 * authors, and `created` only when `sourceDateEpoch` (seconds) is given. Used for labels and annotations alike.
 */
export function imageLabels(
  packageJson: PackageJson,
  git: GitFacts,
  sourceDateEpoch: number | undefined,
): Record<string, string> {
  throw new InternalError(`not written yet ${packageJson.file} ${git.revision} ${sourceDateEpoch}`)
}
