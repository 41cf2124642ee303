import { type CancelOptions, InternalError } from '../base/index.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { PackageJson } from './package-json.ts'
import type { Workspace } from './workspaces.ts'

/** A repository, opened: what every station needs to know of it. */
export interface Project {
  /** absolute, real path */
  root: string
  rootPackage: PackageJson
  workspaces: readonly Workspace[]
  /** the package that the image is made of: the root's (`folder` is `''`) or a workspace */
  app: Workspace
  /** file and flags, merged */
  configuration: Configuration
  /** where the configuration came from, if from a file */
  configurationFile?: string
}

export interface OpenProjectOptions extends CancelOptions {
  /** what the command line says; it wins */
  flags?: Configuration
  /** `--config FILE`, relative to the root */
  configurationFile?: string
}

/** Reads package.json, configuration and workspaces of a folder. Throws `ProjectError`. */
export async function openProject(folder: string, options: OpenProjectOptions): Promise<Project> {
  throw new InternalError(`not written yet ${folder} ${options.configurationFile}`)
}
