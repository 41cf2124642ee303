/** The layer of Debian packages: a root file system as dpkg would have installed it. */
import { type CancelOptions, compareText, InternalError, mapOrdered, type Source } from '../../base/index.ts'
import type { LayerEntry } from '../../tar/index.ts'
import type { Architecture } from '../architecture.ts'
import { admits } from '../control/relation.ts'
import type { ResolvedPackage } from '../resolution/resolved-package.ts'
import { alternativeLinks } from './alternatives.ts'
import { certificateFolder, certificateStore } from './certificate-store.ts'
import { configuredFiles, copiedDefaults } from './configured-files.ts'
import { dpkgDatabase } from './dpkg-database.ts'
import { type DraftEntry, directory, symlink } from './draft-entry.ts'
import { RootTree } from './root-tree.ts'
import { type UnpackedPackage, unpackPackage } from './unpack-package.ts'

export interface DebianLayerPlan {
  architecture: Architecture
  packages: readonly ResolvedPackage[]
  /** seconds since 1970, of every entry */
  mtime: number
  /** the .deb of a package */
  open: (resolved: ResolvedPackage, options: CancelOptions) => Promise<Source>
}

/** Packages that are downloaded while others are unpacked. */
const downloadsAhead = 4

/**
 * Entries package by package: base-files first, then by name, and each package before those whose files it replaces. After
 * them what maintainer scripts would have made, and dpkg's database.
 */
export async function* debianLayer(
  { architecture, packages, mtime, open }: DebianLayerPlan,
  options: CancelOptions,
): AsyncGenerator<LayerEntry> {
  const timed = (entry: DraftEntry): LayerEntry => ({ ...entry, mtime })
  const tree = new RootTree()
  const certificates = new Map<string, Uint8Array>()
  const defaults = new Map<string, Uint8Array>()
  const onContent = (path: string, content: Uint8Array) => {
    if (path.startsWith(certificateFolder) && path.endsWith('.crt'))
      certificates.set(path.slice(certificateFolder.length), content)
    if (copiedDefaults.has(path)) defaults.set(path, content)
  }
  const target = { tree, onContent, isReplacedBy: replacement(packages) }
  yield* ours(tree, skeleton(architecture)).map(timed)
  const installed: UnpackedPackage[] = []
  const opened = mapOrdered(installationOrder(packages), downloadsAhead, async (resolved) => ({
    resolved,
    content: await open(resolved, options),
  }))
  for await (const { resolved, content } of opened) {
    const deb = { name: `${resolved.name}_${resolved.version}_${resolved.architecture}.deb`, content }
    const unpacking = unpackPackage(deb, resolved, target, options)
    let next = await unpacking.next()
    for (; !next.done; next = await unpacking.next()) yield timed(next.value)
    installed.push(next.value)
  }
  yield* ours(tree, configuredFiles(defaults)).map(timed)
  const scripts = installed.map(({ control }) => Buffer.from(control.get('postinst') ?? []).toString('utf8'))
  yield* ours(
    tree,
    alternativeLinks(scripts, (path) => tree.has(path.slice(1))),
  ).map(timed)
  yield* ours(tree, certificateStore(certificates)).map(timed)
  yield* ours(tree, dpkgDatabase(installed)).map(timed)
}

/** Entries of our own making: where a package has something already, its own stays. */
function ours(tree: RootTree, entries: readonly DraftEntry[]): DraftEntry[] {
  return entries.flatMap((entry) => {
    if (tree.has(entry.path)) return []
    const placement = tree.place(entry, 'everyarch')
    return placement.kind === 'new' ? placement.entries : []
  })
}

/** Merged `/usr`, and the old places of run-time files. */
export function skeleton({ linkedFolders }: Architecture): DraftEntry[] {
  const merged = ['bin', 'lib', ...linkedFolders, 'sbin']
  return [
    directory('usr'),
    ...merged.map((name) => directory(`usr/${name}`)),
    ...merged.map((name) => symlink(name, `usr/${name}`)),
    directory('var'),
    symlink('var/lock', '/run/lock'),
    symlink('var/run', '/run'),
  ]
}

/** base-files first, then by name, and each package before those whose files it replaces. */
export function installationOrder(packages: readonly ResolvedPackage[]): ResolvedPackage[] {
  const rank = ({ name }: ResolvedPackage) => (name === 'base-files' ? 0 : 1)
  const sorted = packages.toSorted((a, b) => rank(a) - rank(b) || compareText(a.name, b.name))
  const ordered = new Set<ResolvedPackage>()
  const visit = (current: ResolvedPackage, waiting: readonly ResolvedPackage[]) => {
    if (ordered.has(current) || waiting.includes(current)) return
    for (const other of sorted) if (replaces(other, current)) visit(other, [...waiting, current])
    ordered.add(current)
  }
  for (const current of sorted) visit(current, [])
  return [...ordered]
}

function replaces(one: ResolvedPackage, other: ResolvedPackage): boolean {
  return one.replaces.some((relation) => relation.name === other.name && admits(relation, other.version))
}

/** Whether a package's file takes the place of another package's. */
export function replacement(packages: readonly ResolvedPackage[]): (name: string, owner: string) => boolean {
  const byName = new Map(packages.map((resolved) => [resolved.name, resolved]))
  return (name, owner) => {
    const [current, earlier] = [byName.get(name), byName.get(owner)]
    if (!current) throw new InternalError(`package ${name} is unpacked without having been resolved`)
    return earlier !== undefined && replaces(earlier, current)
  }
}
