/** The packages of a repository: npm workspaces, found by npm's rules, and the one that an image is made of. */
import { basename, posix } from 'node:path'
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import { closestWord } from '../closest-word.ts'
import { type PackageJson, readPackageJson } from '../package-json.ts'
import { ProjectError } from '../project-error.ts'

/** One package of a repository. */
export interface Workspace {
  /** relative to the root, with `/`; `''` for the root package itself */
  folder: string
  packageJson: PackageJson
}

/**
 * The workspaces that npm sees, sorted by folder. Throws `ProjectError` `WORKSPACES_INVALID` for two of one name,
 * `PACKAGE_JSON_INVALID` for a broken package.json in one of them.
 */
export async function findWorkspaces(
  root: string,
  rootPackage: PackageJson,
  options: CancelOptions,
): Promise<Workspace[]> {
  if (rootPackage.workspaces.length === 0) return []
  const { workspaceFolders } = await import('./workspace-folders.ts')
  const workspaces: Workspace[] = []
  for (const folder of workspaceFolders(root, rootPackage.workspaces)) {
    throwIfAborted(options.signal)
    workspaces.push({ folder, packageJson: await readPackageJson(root, folder, options) })
  }
  refuseDoubleNames(workspaces)
  return workspaces
}

function refuseDoubleNames(workspaces: readonly Workspace[]): void {
  const byName = new Map<string, string>()
  for (const { folder, packageJson } of workspaces) {
    const name = packageJson.name ?? basename(folder)
    const other = byName.get(name)
    if (other !== undefined) {
      throw new ProjectError(
        'WORKSPACES_INVALID',
        `the workspaces ${other} and ${folder} are both called ${name}`,
        {
          kind: 'usage',
          hint: 'give each workspace a name of its own',
          details: { name, folders: [other, folder] },
        },
      )
    }
    byName.set(name, folder)
  }
}

/** By folder, by name, or by the last part of either. Throws `ProjectError` `WORKSPACE_UNKNOWN`, naming those that exist. */
export function chooseWorkspace(workspaces: readonly Workspace[], wanted: string): Workspace {
  const folder = posix.normalize(wanted.replaceAll('\\', '/')).replace(/\/+$/, '')
  const exact = workspaces.find((one) => one.folder === folder || one.packageJson.name === wanted)
  if (exact) return exact
  const near = workspaces.filter(({ folder, packageJson }) =>
    [basename(folder), basename(packageJson.name ?? '')].includes(wanted),
  )
  if (near.length === 1) return near[0] as Workspace
  throw unknownWorkspace(workspaces, wanted, near)
}

function unknownWorkspace(
  workspaces: readonly Workspace[],
  wanted: string,
  near: readonly Workspace[],
): ProjectError {
  const details = { wanted, workspaces: workspaces.map(({ folder }) => folder) }
  if (workspaces.length === 0) {
    return new ProjectError('WORKSPACE_UNKNOWN', `there is no workspace ${wanted}: the project has none`, {
      kind: 'usage',
      hint: 'package.json lists workspaces under "workspaces"',
      details,
    })
  }
  if (near.length > 1) {
    const folders = near.map(({ folder }) => folder).join(', ')
    return new ProjectError('WORKSPACE_UNKNOWN', `${wanted} may be any of the workspaces ${folders}`, {
      kind: 'usage',
      hint: 'name its folder',
      details,
    })
  }
  const names = workspaces.flatMap(({ folder, packageJson }) => [folder, packageJson.name ?? folder])
  const meant = closestWord(wanted, names)
  return new ProjectError('WORKSPACE_UNKNOWN', `there is no workspace ${wanted}`, {
    kind: 'usage',
    hint: `${meant ? `did you mean ${meant}?\n` : ''}the workspaces are ${details.workspaces.join(', ')}`,
    details,
  })
}
