/** The tree of the machine that we run on, on disk: what the user's build script needs, development dependencies included. */
import { chmod, readFile, rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type CancelOptions, collect } from '../base/index.ts'
import {
  carriersFor,
  type LockedPackage,
  type Omission,
  type PackageLock,
  selectPackages,
} from '../lockfile/index.ts'
import { hostTarget } from './host-target.ts'
import { hasInstallStep } from './install-step.ts'
import type { PackageSource, UnpackedPackage } from './package-source.ts'
import { type PlacedPackage, placementOf } from './plan-node-modules.ts'
import type { OpenPackage } from './unpack-ahead.ts'
import { exists, writePackages } from './write-packages.ts'

export interface InstallTreeOptions extends CancelOptions {
  /** the project's root: `node_modules` is made in it, and in its workspaces; existing ones are replaced */
  folder: string
  source: PackageSource
  /** default: nothing is left out */
  omit?: readonly Omission[]
  legacyPeerDeps?: boolean
  binLinks?: boolean
  onPackage?: (placed: PlacedPackage) => void
}

export interface InstalledTree {
  /** number of packages and links written */
  packages: number
  /**
   * packages and links whose install scripts npm would run, or that it would compile with node-gyp; without those whose binary
   * came in an optional package for this machine: their scripts only look whether it is there
   */
  readonly scripted: readonly ScriptedPackage[]
}

export interface ScriptedPackage {
  readonly location: string
  /** npm goes on when its script fails */
  readonly optional: boolean
}

/** Writes the tree of this machine's platform to disk, as `npm ci --ignore-scripts` would. Throws `NpmError`. */
export async function installTree(lock: PackageLock, options: InstallTreeOptions): Promise<InstalledTree> {
  const { folder, source, onPackage, signal } = options
  const { packages, binLinks } = await hostPlacement(lock, options)
  await removeTrees(lock, folder)
  const scripted: ScriptedPackage[] = []
  const target = hostTarget()
  const byLocation = new Map(packages.map(({ package: locked }) => [locked.location, locked]))
  const written = async ({ placed, content }: OpenPackage) => {
    const { location, optional } = placed.package
    onPackage?.(placed)
    const manifest = await manifestOf(folder, placed.package, content, signal)
    const complete = carriersFor(placed.package, byLocation, target).length > 0
    if (!complete && hasInstallStep(manifest, content)) scripted.push({ location, optional })
  }
  await writePackages({ packages, binLinks }, { folder, source, written, signal })
  await makeProjectFilesExecutable(folder, packages)
  return { packages: packages.length, scripted }
}

async function hostPlacement(lock: PackageLock, { source, signal, ...options }: InstallTreeOptions) {
  const selection = { ...options, target: hostTarget() }
  const libcOf = await source.libcOf(selectPackages(lock, selection).packages, { signal })
  const set = selectPackages(lock, { ...selection, libcOf: ({ location }) => libcOf.get(location) })
  return placementOf(set, options.binLinks ?? true)
}

async function removeTrees(lock: PackageLock, folder: string): Promise<void> {
  for (const part of ['', ...lock.workspaces]) {
    await rm(join(folder, part, 'node_modules'), { recursive: true, force: true })
  }
}

async function makeProjectFilesExecutable(folder: string, packages: readonly PlacedPackage[]): Promise<void> {
  for (const { package: locked, executables } of packages) {
    if (locked.target === undefined) continue
    for (const file of executables) {
      const path = join(folder, posix.join(locked.target, file))
      if (await exists(path)) await chmod(path, 0o755)
    }
  }
}

async function manifestOf(
  folder: string,
  { target }: LockedPackage,
  content: UnpackedPackage | undefined,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const file = content?.file('package.json')
  if (file) return collect(file.content({ signal }), file.size, file.path)
  if (target === undefined) return undefined
  return readFile(join(folder, target, 'package.json')).catch(() => undefined)
}
