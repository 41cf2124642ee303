import { type Finding, InternalError } from '../base/index.ts'
import type { ImageSettings } from './configuration/configuration.ts'
import type { PackageJson } from './package-json.ts'

/** How the container starts, in exec form. */
export interface StartCommand {
  entrypoint: string[]
  cmd: string[]
  /** variables that the start script sets in front of its command */
  env: Record<string, string>
  /** `image.entrypoint`, `scripts.start`, `bin`, `main` … */
  from: string
  /** the script that Node is started with, relative to the package; absent when it is not a Node command */
  script?: string
  findings: Finding[]
}

/**
 * From `image.entrypoint`, else `scripts.start`, else `bin`, else `main`, else `server.js`/`index.js` when `exists` says so.
 * `exists` tells whether a path (relative to the package) will be in the image; undefined when not known yet.
 * Throws `ProjectError` `START_COMMAND_UNKNOWN`.
 */
export function startCommand(
  packageJson: PackageJson,
  image: ImageSettings | undefined,
  exists: (path: string) => boolean | undefined,
): StartCommand {
  throw new InternalError(`not written yet ${packageJson.file} ${image?.user} ${exists('')}`)
}
