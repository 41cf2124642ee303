import { type CancelOptions, InternalError } from '../base/index.ts'
import type { PackageJson } from './package-json.ts'

/** One package of a repository. */
export interface Workspace {
  /** relative to the root, with `/`; `''` for the root package itself */
  folder: string
  packageJson: PackageJson
}

/** The workspaces that npm sees, sorted by folder. Throws `ProjectError` `WORKSPACES_INVALID`. */
export async function findWorkspaces(
  root: string,
  rootPackage: PackageJson,
  options: CancelOptions,
): Promise<Workspace[]> {
  throw new InternalError(`not written yet ${root} ${rootPackage.file} ${options.signal.aborted}`)
}

/** By name, folder or last part of either. Throws `ProjectError` `WORKSPACE_UNKNOWN`, naming those that exist. */
export function chooseWorkspace(workspaces: readonly Workspace[], wanted: string): Workspace {
  throw new InternalError(`not written yet ${workspaces.length} ${wanted}`)
}
