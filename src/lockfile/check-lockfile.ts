/**
 * Whether a lock still is what the package.json files ask for. As `npm ci`, we do not compare texts: a changed range that
 * the locked version satisfies is in step; a dependency that the lock lacks or has in another version is not.
 */
import {
  dependencyGraph,
  type DependencyEdge,
  type DependencyNode,
  isOptionalEdge,
} from './dependency-graph.ts'
import { flaggedGraph } from './dependency-flags.ts'
import { LockfileError } from './lockfile-error.ts'
import type { LockedPackage, PackageLock } from './package-lock.ts'
import { isRecord, readManifest } from './read-entry.ts'
import { satisfiesSpec } from './satisfies-spec.ts'
import { nameAndVersion } from './why.ts'
import { workspaceFolders } from './workspace-folders.ts'

export interface CheckLockfileOptions {
  /** parsed package.json by folder: `''` for the root, each workspace's and each linked folder's; a folder that is missing here is taken from the lock */
  packageJsons: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  legacyPeerDeps?: boolean
}

/** The folders whose package.json `npm ci` reads: the root and whatever links point at. */
export function manifestFolders(lock: PackageLock): string[] {
  const targets = [...lock.packages.values()].flatMap(({ target }) => (target === undefined ? [] : [target]))
  return [...new Set(['', ...targets])].sort()
}

/**
 * Checks that package.json and lock are in step, as `npm ci` demands, and returns the lock with what the package.json files say
 * in place of what it recorded of them. Throws `LockfileError` `LOCKFILE_OUT_OF_STEP` naming everything that differs.
 */
export function checkLockfile(lock: PackageLock, options: CheckLockfileOptions): PackageLock {
  const current = withManifests(lock, options.packageJsons)
  const overridden = overriddenNames(options.packageJsons.get('')?.overrides)
  const { graph } = flaggedGraph(current, options)
  const differences = new Set<string>()
  for (const folder of options.packageJsons.keys()) {
    if (!dependencyGraph(current, options).nodes.has(folder))
      differences.add(`workspace ${folder} is not in ${lock.file}`)
  }
  for (const node of graph.nodes.values()) {
    for (const edge of node.edgesOut) {
      const difference = differenceOf(edge, lock, overridden)
      if (difference) differences.add(difference)
    }
  }
  if (differences.size > 0) throw outOfStep(lock, [...differences])
  return current
}

function withManifests(
  lock: PackageLock,
  packageJsons: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): PackageLock {
  const packages = new Map(lock.packages)
  for (const [folder, document] of packageJsons) {
    const locked = packages.get(folder)
    if (locked) packages.set(folder, manifestOver(locked, document))
  }
  const root = packageJsons.get('')
  if (!root) return { ...lock, packages }
  return {
    ...lock,
    root: readManifest('', { ...root }),
    workspaces: workspaceFolders(root.workspaces, [...packages.keys()]),
    packages,
  }
}

/** A lock entry as its package.json is now. Commands of `directories.bin` are known to the lock only. */
function manifestOver(locked: LockedPackage, document: Readonly<Record<string, unknown>>): LockedPackage {
  const current = readManifest(locked.location, { ...document })
  const bin = document.bin === undefined && document.directories !== undefined ? locked.bin : current.bin
  return { ...current, ...recordedFlags(locked), bin }
}

function recordedFlags({
  dev,
  optional,
  devOptional,
  peer,
  extraneous,
}: LockedPackage): Partial<LockedPackage> {
  return { dev, optional, devOptional, peer, extraneous }
}

function differenceOf(
  edge: DependencyEdge,
  lock: PackageLock,
  overridden: ReadonlySet<string>,
): string | undefined {
  const { from, to, name, spec } = edge
  const asker = from.parent ? nameAndVersion(from.locked) : manifestName(from)
  if (!to) return isOptionalEdge(edge) ? undefined : `${asker} needs ${name}@${spec}, ${lock.file} has none`
  // Inside the tree npm's own choices stand: an override may well have put a version beyond what a package asks for.
  if (from.parent || edge.type === 'workspace' || overridden.has(name)) return undefined
  if (satisfiesSpec(edge, to)) return undefined
  return `${asker} needs ${name}@${spec}, ${lock.file} has ${found(to)}`
}

function manifestName({ location }: DependencyNode): string {
  return location === '' ? 'package.json' : `${location}/package.json`
}

function found({ locked, target }: DependencyNode): string {
  return target ? `a link to ${target.location || 'the project itself'}` : nameAndVersion(locked)
}

/** Every name that an `overrides` field speaks of, at any depth. */
function overriddenNames(overrides: unknown): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (value: unknown) => {
    if (!isRecord(value)) return
    for (const [key, inner] of Object.entries(value)) {
      names.add(key.replace(/(?<=.)@.*$/, ''))
      visit(inner)
    }
  }
  visit(overrides)
  return names
}

function outOfStep(lock: PackageLock, differences: string[]): LockfileError {
  const shown = differences.slice(0, 10)
  const rest = differences.length - shown.length
  const list = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])]
  return new LockfileError(
    'LOCKFILE_OUT_OF_STEP',
    `${lock.file} is out of step with package.json: ${list.join('; ')}`,
    {
      kind: 'usage',
      hint: 'run `npm install` and commit the lockfile',
      details: { file: lock.file, differences },
    },
  )
}
