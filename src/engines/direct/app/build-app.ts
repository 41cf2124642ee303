/**
 * The app, built once, natively, for all platforms: in a clean copy of the context with all dependencies. Its layer is kept
 * by everything it depends on, so that an unchanged project is not built again.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { CancelOptions } from '../../../base/index.ts'
import {
  compareTrees,
  copyContext,
  dependencyOverlay,
  type DependencyOverlay,
  type TreeChange,
} from '../../../project/index.ts'
import type { AppInput, AppScript } from './app-input.ts'
import { packApp, type PackedApp } from './pack-app.ts'
import { type BuildFolder, dependencyTrees, makeBuildFolder } from './build-folder.ts'
import { dependencySnapshot } from './dependency-snapshot.ts'
import { startsWithElf } from './first-bytes.ts'
import { installDependencies } from './install-dependencies.ts'
import { runScript } from './run-script.ts'
import { backUp, undoChange } from './tree-backup.ts'

export interface BuiltApp extends PackedApp {
  cached: boolean
}

/** Changed when the same inputs would give another app layer than an earlier release gave. */
const formatVersion = 1

export async function buildApp(input: AppInput, { signal }: CancelOptions): Promise<BuiltApp> {
  const key = appKey(input)
  const known = input.reuse ? ((await input.cache.record('app', key)) as PackedApp | undefined) : undefined
  if (known && (await input.cache.openBlob(known.layer.descriptor, { signal })))
    return { ...known, cached: true }
  const made =
    input.scripts.length === 0 ? await plainApp(input, { signal }) : await scriptedApp(input, key, { signal })
  await input.cache.setRecord('app', key, made)
  return { ...made, cached: false }
}

/** Everything that the app layer depends on. */
function appKey(input: AppInput): string {
  const { context, scripts, scriptEnv, include, linkedFolders, prefix, settings, project } = input
  const tools = scripts.length === 0 ? [] : [process.version, process.platform, process.arch, input.treeKey]
  const selection = [project.app.folder, include ?? null, linkedFolders]
  const commands = [scripts, scriptEnv]
  return JSON.stringify([
    formatVersion,
    context.digest,
    commands,
    selection,
    input.projectExecutables,
    prefix,
    settings,
    tools,
  ])
}

/** Nothing to run: the context is the output. */
async function plainApp(input: AppInput, { signal }: CancelOptions): Promise<PackedApp> {
  return packApp(
    input,
    { folder: input.project.root, clean: false, overlay: { write: [], remove: [], findings: [] } },
    { signal },
  )
}

async function scriptedApp(input: AppInput, key: string, { signal }: CancelOptions): Promise<PackedApp> {
  const { project, cache, settings, context, treeKey, progress } = input
  const folder = await makeBuildFolder(
    cache.folder,
    createHash('sha256').update(key).digest('hex').slice(0, 16),
  )
  try {
    await copyContext(project.root, folder.path, context.entries, { mtime: settings.mtime, signal })
    const trees = dependencyTrees(cache.folder, { signal })
    const reused = input.reuse && (await trees.take(treeKey, folder.path))
    if (!reused) await installDependencies(input, folder.path, { signal })
    const before = dependencySnapshot(folder.path, input.roots)
    const likely = ((await cache.record('tree-changes', treeKey)) as string[] | undefined) ?? []
    const backup = backUp(folder.path, likely, folder.backup)
    for (const script of input.scripts) {
      const id = `script ${script.event}`
      progress({ type: 'start', id, station: 'build', text: script.command })
      await runScript({
        ...script,
        ...scriptPlace(input, script, folder.path),
        signal,
        onLine: (stream, line) => progress({ type: 'output', id, stream, line }),
      })
      progress({
        type: 'end',
        id,
        text: script.event === 'build' ? script.command : `${script.event}: ${script.command}`,
      })
    }
    const change = compareTrees(before, dependencySnapshot(folder.path, input.roots))
    const overlay = overlayOf(input, folder, change)
    const made = await packApp(input, { folder: folder.path, clean: true, overlay }, { signal })
    if (undoChange(folder.path, change, backup)) await trees.keep(treeKey, folder.path, input.roots)
    else await cache.setRecord('tree-changes', treeKey, likelyChanges(likely, change))
    return made
  } finally {
    await folder.remove()
  }
}

/** What the next build of the same tree should keep copies of. */
function likelyChanges(known: readonly string[], { changed, removed }: TreeChange): string[] {
  return [...new Set([...known, ...[...changed, ...removed].map(({ path }) => path)])]
}

/** Where a script of the project runs, and as which package. */
function scriptPlace({ project, env, scriptEnv }: AppInput, { folder }: AppScript, root: string) {
  const all = [project.app, ...project.workspaces]
  const packageJson = all.find((workspace) => workspace.folder === folder)?.packageJson ?? project.rootPackage
  return {
    folder: join(root, folder),
    root,
    packageName: packageJson.name ?? '',
    packageVersion: packageJson.version ?? '',
    env: { ...env, ...scriptEnv },
  }
}

function overlayOf(
  input: AppInput,
  folder: BuildFolder,
  change: ReturnType<typeof compareTrees>,
): DependencyOverlay {
  const { nodeModules } = input
  const locations = (packages: readonly { package: { location: string } }[]) =>
    packages.map((placed) => placed.package.location)
  return dependencyOverlay(change, {
    shared: new Set(locations(nodeModules.shared.packages)),
    perPlatform: new Set(
      [...nodeModules.perPlatform.values()].flatMap((placement) => locations(placement.packages)),
    ),
    installed: new Set(input.lock.packages.keys()),
    isBinary: (path) => startsWithElf(join(folder.path, path)),
  })
}
