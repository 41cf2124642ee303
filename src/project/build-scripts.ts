/** What is run to build the app, once, for all platforms. */
import type { Project } from './project.ts'
import type { Workspace } from './workspaces/workspaces.ts'

export interface BuildScript {
  /** npm's name for it */
  event: 'prebuild' | 'build' | 'postbuild'
  command: string
  /** where it runs, relative to the root */
  folder: string
}

/**
 * The command of the configuration, run in the project's root; else the build script, with its pre and post scripts, of each
 * workspace that the app depends on and then of the app itself. Nothing for `build: false`. `linked` are folders of the
 * workspaces that the image needs.
 */
export function planBuild(project: Project, linked: readonly string[]): BuildScript[] {
  const { configuration, app, workspaces } = project
  if (configuration.build === false) return []
  if (configuration.build !== undefined) return [{ event: 'build', command: configuration.build, folder: '' }]
  const needed = workspaces.filter(({ folder }) => linked.includes(folder) && folder !== app.folder)
  return [...inOrderOfDependency(needed), app].flatMap(scriptsOf)
}

function scriptsOf({ folder, packageJson: { scripts } }: Workspace): BuildScript[] {
  if (!scripts.build) return []
  return (['prebuild', 'build', 'postbuild'] as const).flatMap((event) => {
    const command = scripts[event]
    return command ? [{ event, command, folder }] : []
  })
}

/** Each workspace after those that it depends on; in a cycle the order of folders decides. */
function inOrderOfDependency(workspaces: readonly Workspace[]): Workspace[] {
  const ordered = new Set<Workspace>()
  const visiting = new Set<Workspace>()
  const visit = (workspace: Workspace) => {
    if (visiting.has(workspace)) return
    visiting.add(workspace)
    workspaces.filter((other) => dependsOn(workspace, other)).forEach(visit)
    ordered.add(workspace)
  }
  workspaces.forEach(visit)
  return [...ordered]
}

function dependsOn({ packageJson }: Workspace, other: Workspace): boolean {
  const name = other.packageJson.name
  if (name === undefined) return false
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some((kind) => {
    const list = packageJson.document[kind]
    return typeof list === 'object' && list !== null && Object.hasOwn(list, name)
  })
}
