/** The packages of the repository: which of them is the service, and which others it needs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parse as parseYaml } from 'yaml'
import type { CancelOptions } from '../../base/index.ts'
import {
  chooseWorkspace,
  findWorkspaces,
  type PackageJson,
  ProjectError,
  readProjectFile,
  type Workspace,
} from '../../project/index.ts'
import { InitError } from './init-error.ts'

export interface FoundPackages {
  root: PackageJson
  app: Workspace
  /** workspaces that the app depends on, those first that others depend on */
  needed: readonly Workspace[]
  workspaces: readonly Workspace[]
}

/** Throws `ProjectError`, and `InitError` `INIT_WORKSPACE_UNKNOWN` when it is not clear which workspace is the service. */
export async function findPackages(
  folder: string,
  root: PackageJson,
  wanted: string | undefined,
  options: CancelOptions,
): Promise<FoundPackages> {
  const globs = root.workspaces.length > 0 ? root.workspaces : await pnpmGlobs(folder, options)
  const workspaces = await findWorkspaces(folder, { ...root, workspaces: globs }, options)
  const app = appOf(folder, root, workspaces, wanted)
  return { root, app, needed: neededBy(app, workspaces), workspaces }
}

/** pnpm lists workspaces in a file of its own. */
async function pnpmGlobs(folder: string, options: CancelOptions): Promise<string[]> {
  const file = 'pnpm-workspace.yaml'
  const text = await readProjectFile(folder, file, options)
  if (text === undefined) return []
  let document: unknown
  try {
    document = parseYaml(text)
  } catch (cause) {
    throw new ProjectError('WORKSPACES_INVALID', `${file} is not YAML`, { kind: 'usage', cause })
  }
  const globs = (document as { packages?: unknown } | null)?.packages ?? []
  if (Array.isArray(globs) && globs.every((glob) => typeof glob === 'string')) return globs
  throw new ProjectError('WORKSPACES_INVALID', `${file}: "packages" must be a list of globs`, {
    kind: 'usage',
  })
}

function appOf(
  folder: string,
  root: PackageJson,
  workspaces: readonly Workspace[],
  wanted: string | undefined,
): Workspace {
  if (wanted !== undefined) return chooseWorkspace(workspaces, wanted)
  const own = { folder: '', packageJson: root }
  if (workspaces.length === 0 || isService(folder, own)) return own
  const services = workspaces.filter((one) => isService(folder, one))
  if (services.length === 1) return services[0] as Workspace
  const choices = (services.length > 0 ? services : workspaces).map((one) => one.folder)
  throw new InitError('INIT_WORKSPACE_UNKNOWN', 'it is not clear which workspace is the service', {
    kind: 'usage',
    hint: `say which one: --workspace ${choices.join(' | ')}`,
    details: { workspaces: choices },
  })
}

function isService(root: string, { folder, packageJson }: Workspace): boolean {
  if (packageJson.scripts.start !== undefined) return true
  return ['server.js', 'server.mjs'].some((name) => existsSync(join(root, folder, name)))
}

/** The workspaces that a package's production dependencies lead to, each after those that it needs itself. */
function neededBy(app: Workspace, workspaces: readonly Workspace[]): Workspace[] {
  const found = new Set<Workspace>()
  const visiting = new Set<Workspace>([app])
  const visit = (one: Workspace) => {
    for (const name of productionNames(one.packageJson)) {
      const other = workspaces.find(({ packageJson }) => packageJson.name === name)
      if (!other || visiting.has(other)) continue
      visiting.add(other)
      visit(other)
      found.add(other)
    }
  }
  visit(app)
  return [...found]
}

export function productionNames({ document }: PackageJson): string[] {
  return [document.dependencies, document.optionalDependencies].flatMap((list) => Object.keys(list ?? {}))
}

/** Whether the package, or the root, lists anything to install. */
export function dependenciesOf(packages: readonly PackageJson[]): { production: boolean; any: boolean } {
  const production = packages.some((one) => productionNames(one).length > 0)
  const development = packages.some(({ document }) => Object.keys(document.devDependencies ?? {}).length > 0)
  return { production, any: production || development }
}
