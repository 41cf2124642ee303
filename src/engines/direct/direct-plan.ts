/** What the direct engine will do, decided from the project's files alone: nothing is fetched, run or written. */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { CancelOptions, Finding } from '../../base/index.ts'
import { type PackageLock, selectPackages } from '../../lockfile/index.ts'
import type { Platform } from '../../oci/index.ts'
import {
  type LifecyclePlan,
  type NodeChoice,
  type OutputSelection,
  planBuild,
  planLifecycleScripts,
  planOutputs,
  type Project,
  targetPlatforms,
} from '../../project/index.ts'
import type { AppScript } from './app/app-input.ts'
import { type BaseChoice, chooseBase } from './base/resolve-base.ts'
import { defaultWorkdir } from './image/run-config.ts'
import type { LayerSettings } from './layers/seal-layer.ts'
import { readLock } from './read-lock.ts'
import { wishedNode } from './wished-node.ts'

export interface DirectPlan {
  project: Project
  platforms: readonly Platform[]
  node: NodeChoice
  base: BaseChoice
  lock: PackageLock
  /** folders of the project that production dependencies link to: workspaces, `file:` folders */
  linkedFolders: readonly string[]
  lifecycle: LifecyclePlan
  /** in the order in which they run, once, on this machine */
  scripts: readonly AppScript[]
  outputs: OutputSelection
  /** folder of the app in the image, without a leading slash */
  prefix: string
  settings: LayerSettings
  findings: readonly Finding[]
}

export interface DirectPlanOptions extends CancelOptions {
  now: Date
  /** seconds since 1970, SOURCE_DATE_EPOCH */
  mtime: number
  legacyPeerDeps: boolean
  /** what earlier runs were told by a mirror counts for a while; false: it is asked */
  reuse: boolean
}

/** Throws `ProjectError` and `LockfileError`. */
export async function planDirect(project: Project, options: DirectPlanOptions): Promise<DirectPlan> {
  const { signal } = options
  const { configuration, app } = project
  const platforms = targetPlatforms(configuration)
  const node = await wishedNode(project, options)
  const lock = await readLock(project, options)
  const linked = linkedFolders(lock, project)
  const needed = project.workspaces.filter(
    ({ folder }) => linked.includes(folder) || (folder === app.folder && folder !== ''),
  )
  const withGyp = ['', ...needed.map(({ folder }) => folder)].filter((folder) =>
    existsSync(join(project.root, folder, 'binding.gyp')),
  )
  const lifecycle = planLifecycleScripts(project.rootPackage, needed, new Set(withGyp))
  const build = planBuild(project, linked)
  const outputs = await planOutputs(join(project.root, app.folder), {
    packageJson: app.packageJson,
    built: build.length > 0,
    signal,
    ...(configuration.include ? { include: configuration.include } : {}),
  })
  return {
    project,
    platforms,
    node,
    base: chooseBase(configuration.base, node, platforms, options),
    lock,
    linkedFolders: linked,
    lifecycle,
    scripts: [...lifecycle.run, ...build],
    outputs,
    prefix: posix.join('/', configuration.image?.workdir ?? defaultWorkdir).slice(1),
    settings: {
      compression: configuration.compression ?? 'gzip',
      level: configuration.compressionLevel,
      mtime: options.mtime,
    },
    findings: [...node.findings, ...lifecycle.findings],
  }
}

/** Folders of the project that the production dependencies link to: workspaces, and `file:` folders. */
function linkedFolders(lock: PackageLock, { app }: Project): string[] {
  const workspaces = app.folder === '' ? {} : { workspaces: [app.folder] }
  // Links have no platform: any will do.
  const { packages } = selectPackages(lock, {
    target: { os: 'linux', cpu: 'x64' },
    omit: ['dev'],
    ...workspaces,
  })
  return packages.flatMap(({ target }) => target ?? []).filter((folder) => folder !== app.folder)
}
