/** A repository, opened: what every station of a build needs to know of it before anything is done. */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { CancelOptions } from '../base/index.ts'
import { compressionLevels } from '../tar/index.ts'
import type { Configuration } from './configuration/configuration.ts'
import { mergeConfiguration } from './configuration/merge-configuration.ts'
import { readConfiguration } from './configuration/read-configuration.ts'
import { type PackageJson, readPackageJson } from './package-json.ts'
import { ProjectError } from './project-error.ts'
import { startFiles } from './start-command/entry-files.ts'
import { chooseWorkspace, findWorkspaces, type Workspace } from './workspaces/workspaces.ts'

export interface Project {
  /** absolute, real path */
  root: string
  rootPackage: PackageJson
  workspaces: readonly Workspace[]
  /** the package that the image is made of: the root's (`folder` is `''`) or a workspace */
  app: Workspace
  /** the root's, the workspace's over it, flags over both */
  configuration: Configuration
  /** where it came from, the weakest first */
  configurationFiles: readonly string[]
}

export interface OpenProjectOptions extends CancelOptions {
  /** what the command line says; it wins */
  flags?: Configuration
  /** `--config FILE`, relative to the root: the only one that is read */
  configurationFile?: string
}

/** Reads package.json, configuration and workspaces of a folder. Throws `ProjectError`. */
export async function openProject(folder: string, options: OpenProjectOptions): Promise<Project> {
  const { signal, flags = {}, configurationFile } = options
  const root = await realpath(folder).catch(() => resolve(folder))
  const rootPackage = await readPackageJson(root, '', { signal })
  await refuseWorkspaceAsRoot(root, { signal })
  const workspaces = await findWorkspaces(root, rootPackage, { signal })
  const read = (packageJson: PackageJson) => readConfiguration(root, { packageJson, signal })
  const common =
    configurationFile === undefined
      ? await read(rootPackage)
      : await readConfiguration(root, { packageJson: rootPackage, signal, file: configurationFile })
  const withFlags = mergeConfiguration(common.configuration, flags)
  const app = appOf({ folder: '', packageJson: rootPackage }, workspaces, withFlags, root)
  const isCommon = app.folder === '' || configurationFile !== undefined
  const own = isCommon ? { configuration: {} } : await read(app.packageJson)
  const configuration = mergeConfiguration(mergeConfiguration(common.configuration, own.configuration), flags)
  checkCompressionLevel(configuration)
  const configurationFiles = [common.file, own.file].filter((file) => file !== undefined)
  return { root, rootPackage, workspaces, app, configuration, configurationFiles }
}

/** Level and compression may come from different places, so that only the merged configuration can be checked. */
function checkCompressionLevel({ compression = 'gzip', compressionLevel }: Configuration): void {
  const { min, max } = compressionLevels[compression]
  if (compressionLevel === undefined || (compressionLevel >= min && compressionLevel <= max)) return
  throw new ProjectError('CONFIGURATION_INVALID', `${compression} has no level ${compressionLevel}`, {
    kind: 'usage',
    hint: `levels of ${compression} go from ${min} to ${max}`,
    details: { compression, compressionLevel },
  })
}

const lockfiles = ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock']

/** A workspace has no lockfile: what it depends on is written at the repository's root, which has to be opened instead. */
async function refuseWorkspaceAsRoot(root: string, options: CancelOptions): Promise<void> {
  if (lockfiles.some((name) => existsSync(join(root, name)))) return
  for (let parent = dirname(root); parent !== dirname(parent); parent = dirname(parent)) {
    if (!existsSync(join(parent, 'package.json'))) continue
    const folder = relative(parent, root).replaceAll('\\', '/')
    const outer = await readPackageJson(parent, '', options).catch(() => undefined)
    if (!outer || outer.workspaces.length === 0) continue
    const workspaces = await findWorkspaces(parent, outer, options).catch(() => [])
    if (!workspaces.some((one) => one.folder === folder)) continue
    throw new ProjectError('WORKSPACE_NOT_ROOT', `${root} is a workspace of ${parent}`, {
      kind: 'usage',
      hint: `build it from there: everyarch build ${parent} --workspace ${folder}`,
      details: { root: parent, workspace: folder },
    })
  }
}

function appOf(
  rootApp: Workspace,
  workspaces: readonly Workspace[],
  { workspace, image }: Configuration,
  root: string,
): Workspace {
  if (workspace !== undefined) return chooseWorkspace(workspaces, workspace)
  const { packageJson } = rootApp
  const isConfigured = image?.entrypoint !== undefined || image?.cmd !== undefined
  const isService =
    packageJson.scripts.start !== undefined ||
    packageJson.main !== undefined ||
    startFiles(packageJson)
      .flat()
      .some((path) => existsSync(join(root, path)))
  if (workspaces.length === 0 || isConfigured || isService) return rootApp
  throw new ProjectError('WORKSPACE_UNKNOWN', 'the root of these workspaces is no service itself', {
    kind: 'usage',
    hint: `say which one to build: --workspace ${workspaces.map(({ folder }) => folder).join(' | ')}`,
    details: { workspaces: workspaces.map(({ folder }) => folder) },
  })
}
