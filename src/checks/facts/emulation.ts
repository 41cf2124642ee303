/** Whether the builds of a Dockerfile emulate. */
import { substitute } from '../../workflow/index.ts'
import { architectureOf } from '../../forecast/index.ts'
import { knownValues } from '../builds/action-builds.ts'
import { type ImageBuild, runnerArchitecture } from '../builds/image-build.ts'
import type { CheckedDockerfile } from '../checked-project.ts'

/**
 * Whether some build of the file asks one machine for a platform that is not its own. With no build in sight, the project's
 * platforms are taken to be built together.
 */
export function isEmulated(file: CheckedDockerfile): boolean {
  const builds = file.builds.filter(
    (build) => build.origin !== 'compose' || (build.platforms ?? []).length > 0,
  )
  if (builds.length === 0) return architectures(file.platforms).length > 1
  return builds.some(buildEmulates)
}

function buildEmulates(build: ImageBuild): boolean {
  const wanted = architectures(build.platforms ?? [])
  if (wanted.length > 1) return true
  const values =
    build.job && build.row ? knownValues(undefined, build.job, build.row) : new Map<string, string>()
  const own = runnerArchitecture(build, (text) => substitute(text, values))
  return own !== undefined && wanted[0] !== undefined && wanted[0] !== own
}

function architectures(platforms: readonly string[]): string[] {
  return [...new Set(platforms.map(architectureOf))]
}
