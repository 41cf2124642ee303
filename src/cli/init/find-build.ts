/** What builds the service, in which order, and where each package's output lies. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import {
  type Configuration,
  type PackageJson,
  planOutputs,
  readProjectFile,
  runtimeFolders,
  type Workspace,
} from '../../project/index.ts'
import type { ManagerFacts, PackageContents, PackageFacts } from '../../scaffold/index.ts'
import type { FoundPackages } from './find-packages.ts'

/** Commands that build, run in the root: of the workspaces that the app needs, then its own. */
export function findBuild(
  { app, needed }: FoundPackages,
  { build }: Configuration,
  manager: ManagerFacts,
): string[] {
  if (build === false) return []
  if (build !== undefined) return [build]
  return [...needed, app]
    .filter(({ packageJson }) => packageJson.scripts.build)
    .map((one) => buildCommand(one, manager))
}

function buildCommand({ folder, packageJson }: Workspace, { name }: ManagerFacts): string {
  const program = name === 'yarn-classic' ? 'yarn' : name
  if (folder === '') return `${program} run build`
  switch (name) {
    case 'npm':
      return `npm run build --workspace=${folder}`
    case 'pnpm':
      return `pnpm --filter ./${folder} run build`
    case 'bun':
      return `bun run --cwd ${folder} build`
    default:
      return `yarn workspace ${packageJson.name ?? folder} run build`
  }
}

export interface FoundContents {
  packages: [PackageFacts, ...PackageFacts[]]
  framework: 'next' | 'next-standalone' | undefined
}

/** What each package puts into the image. `start` is the file that the app is started with, when it is known. */
export async function findContents(
  root: string,
  { app, needed }: FoundPackages,
  start: string | undefined,
  options: CancelOptions & { isBuilt: boolean },
): Promise<FoundContents> {
  const framework = await nextOf(root, app, options)
  const own =
    framework === 'next-standalone'
      ? ({ kind: 'next-standalone', hasPublic: existsSync(join(root, app.folder, 'public')) } as const)
      : framework === 'next'
        ? nextBuild(join(root, app.folder))
        : await contentsOf(root, app, start, options)
  const others = await Promise.all(
    needed.map(async (one) => ({
      folder: one.folder,
      contents: await contentsOf(root, one, undefined, {
        ...options,
        isBuilt: one.packageJson.scripts.build !== undefined,
      }),
    })),
  )
  return { packages: [{ folder: app.folder, contents: own }, ...others], framework }
}

/** Next's server comes in two forms; which one, its configuration says. */
async function nextOf(
  root: string,
  { folder, packageJson }: Workspace,
  options: CancelOptions,
): Promise<FoundContents['framework']> {
  const list = packageJson.document.dependencies
  if (typeof list !== 'object' || list === null || !('next' in list)) return undefined
  for (const ending of ['js', 'mjs', 'ts', 'cjs', 'mts']) {
    const text = await readProjectFile(root, posix.join(folder, `next.config.${ending}`), options)
    if (text !== undefined)
      return /\boutput\s*:\s*['"`]standalone['"`]/u.test(text) ? 'next-standalone' : 'next'
  }
  return 'next'
}

function nextBuild(folder: string): PackageContents {
  const config = ['js', 'mjs', 'ts', 'cjs', 'mts'].map((ending) => `next.config.${ending}`)
  const beside = existsSync(join(folder, 'public')) ? ['public'] : []
  return {
    kind: 'folders',
    built: ['.next'],
    beside,
    files: config.filter((name) => existsSync(join(folder, name))),
  }
}

async function contentsOf(
  root: string,
  { folder, packageJson }: Workspace,
  start: string | undefined,
  { isBuilt, signal }: CancelOptions & { isBuilt: boolean },
): Promise<PackageContents> {
  if (!isBuilt) return { kind: 'sources' }
  const path = join(root, folder)
  const built = await outputFolder(path, packageJson, start, { signal })
  if (built === undefined) return { kind: 'everything' }
  const beside = runtimeFolders.filter((name) => name !== built && existsSync(join(path, name)))
  return { kind: 'folders', built: [built], beside, files: [] }
}

/** Folders that only a build makes. */
const conventional = new Set(['dist', 'build', 'out', 'lib-dist', '.output'])

/** The one folder that holds what is started; undefined when that is not sure, and everything has to come along. */
async function outputFolder(
  path: string,
  packageJson: PackageJson,
  start: string | undefined,
  options: CancelOptions,
): Promise<string | undefined> {
  const { files: _, ...withoutFiles } = packageJson
  const { selects } = await planOutputs(path, { packageJson: withoutFiles, built: true, ...options })
  const compiled = selects.length === 1 ? selects[0] : undefined
  const started = start ?? packageJson.main
  if (started === undefined) return compiled
  const [top = ''] = posix.normalize(started).split('/')
  if (compiled !== undefined)
    return posix.normalize(started).startsWith(`${compiled}/`) ? compiled : undefined
  return conventional.has(top) && started.includes('/') ? top : undefined
}
