import { type CancelOptions, InternalError } from '../base/index.ts'
import type { Omission, PackageLock } from '../lockfile/index.ts'
import type { PackageSource } from './package-source.ts'
import type { PlacedPackage } from './plan-node-modules.ts'

export interface InstallTreeOptions extends CancelOptions {
  /** the project's root: `node_modules` is made in it, and in its workspaces; an existing one is replaced */
  folder: string
  source: PackageSource
  /** default: nothing is left out */
  omit?: readonly Omission[]
  legacyPeerDeps?: boolean
  binLinks?: boolean
  onPackage?: (placed: PlacedPackage) => void
}

export interface InstalledTree {
  /** number of packages written */
  packages: number
  /** packages (as locations) that have an install script or would be compiled by node-gyp */
  scripted: readonly string[]
}

/** Writes the tree of this machine's platform to disk, as `npm ci --ignore-scripts` would. */
export async function installTree(lock: PackageLock, options: InstallTreeOptions): Promise<InstalledTree> {
  throw new InternalError(`not written yet ${lock.file} ${options.folder}`)
}
