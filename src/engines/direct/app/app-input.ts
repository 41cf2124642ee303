import type { Progress } from '../../../base/index.ts'
import type { PackageLock } from '../../../lockfile/index.ts'
import type { NodeModulesPlan, NpmConfig, PackageSource } from '../../../npm/index.ts'
import type { ContextDigest, ContextEntry, IgnoreRules, Project } from '../../../project/index.ts'
import type { ContentCache } from '../../../store/index.ts'
import type { LayerSettings } from '../layers/seal-layer.ts'

/** A script of the project that runs in the build folder. */
export interface AppScript {
  /** npm's name for it: `postinstall`, `prebuild`, `build` */
  event: string
  command: string
  /** the package that it belongs to, relative to the project's root */
  folder: string
}

/** The files that the build starts from. */
export interface AppContext {
  entries: readonly ContextEntry[]
  digest: ContextDigest['digest']
}

/** Everything that building the app depends on. */
export interface AppInput {
  project: Project
  context: AppContext
  /** in the order in which they run; none when the sources are the output */
  scripts: readonly AppScript[]
  /** variables that the scripts see besides the user's own */
  scriptEnv: Readonly<Record<string, string>>
  /** globs of the configuration, for the shipped package */
  include: readonly string[] | undefined
  /** what the context leaves out */
  ignore: IgnoreRules
  /** folders of the project that node_modules links to: workspaces that the shipped package needs, `file:` folders */
  linkedFolders: readonly string[]
  /** folder of the app in the image, without a leading slash */
  prefix: string
  lock: PackageLock
  nodeModules: NodeModulesPlan
  /** of everything that the installed tree depends on */
  treeKey: string
  /** folders that can hold a node_modules: `''` and workspaces */
  roots: readonly string[]
  projectExecutables: readonly string[]
  /** false: build again whatever the cache has */
  reuse: boolean
  source: PackageSource
  npm: NpmConfig
  cache: ContentCache
  settings: LayerSettings
  env: Readonly<Record<string, string | undefined>>
  progress: Progress
}
