/** Which buildx there is, and what it can do. */
import type { CancelOptions } from '../../../base/index.ts'
import { BuildkitError } from '../buildkit-error.ts'
import { engineFailure } from '../failure/engine-failure.ts'
import { askDocker, type DockerCommand } from './run-buildx.ts'

export interface BuildxFeatures {
  /** as it calls itself, such as `0.29.1` */
  version: string
  /** whether it tells progress as JSON; else its plain text is read */
  rawjson: boolean
}

/** Older ones cannot hand over an image as a folder. */
const oldest = { major: 0, minor: 10 }

/** Asks buildx what it is. Throws `BuildkitError` `DOCKER_MISSING`, `BUILDX_MISSING`, `BUILDX_TOO_OLD`. */
export async function buildxFeatures(
  docker: DockerCommand,
  { signal }: CancelOptions,
): Promise<BuildxFeatures> {
  const [version, help] = await Promise.all([
    askDocker(docker, ['buildx', 'version'], { signal }),
    askDocker(docker, ['buildx', 'build', '--help'], { signal }),
  ])
  const [, number, major, minor] = /buildx v?((\d+)\.(\d+)[^\s+~]*)/.exec(version.stdout) ?? []
  if (version.exitCode !== 0 || number === undefined) {
    throw (
      engineFailure(version.stderr) ??
      new BuildkitError('BUILDX_MISSING', 'the docker command has no buildx plugin', {
        kind: 'environment',
        hint: 'install it (Debian, Ubuntu: apt-get install docker-buildx or docker-buildx-plugin), or build without it: --engine direct',
      })
    )
  }
  if (Number(major) === oldest.major && Number(minor) < oldest.minor) {
    throw new BuildkitError('BUILDX_TOO_OLD', `buildx ${number} is too old`, {
      kind: 'environment',
      hint: `buildx ${oldest.major}.${oldest.minor} or newer is needed: update the package that brings it`,
      details: { version: number },
    })
  }
  return { version: number, rawjson: help.stdout.includes('rawjson') }
}
