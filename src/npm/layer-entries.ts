/** A placement as the entries of a layer: the same bytes for the same packages, on any machine. */
import { posix } from 'node:path'
import type { CancelOptions } from '../base/index.ts'
import type { LayerEntry } from '../tar/index.ts'
import { executableFile } from './executable-file.ts'
import { cameBundled, ownFiles } from './own-files.ts'
import { changedFiles } from './package-changes.ts'
import type { PackageSource } from './package-source.ts'
import type { PlacedPackage, Placement } from './plan-node-modules.ts'
import { unpackAhead } from './unpack-ahead.ts'
import type { PackageFile } from './unpack-package.ts'

export interface LayerEntriesOptions extends CancelOptions {
  source: PackageSource
  /** seconds since 1970 for every entry; default 0 */
  mtime?: number
  /** called when a package's entries begin */
  onPackage?: (placed: PlacedPackage) => void
}

/** Packages that are unpacked before they are asked for: two cores decompress while one package is written. */
const ahead = 4

/**
 * The entries of a layer, paths relative to the project's root (`node_modules/…`), owned by 0:0. Packages come sorted by
 * location, the files of each sorted by path, folders before what is in them; `.bin` links last, because whether a
 * link exists is known only when its package was read. Contents may be read late, and until the source's temporary folder goes.
 *
 * A link to a file of the project itself is always there: what it points at may be made by the build.
 */
export async function* layerEntries(
  placement: Placement,
  { source, mtime = 0, onPackage, signal }: LayerEntriesOptions,
): AsyncGenerator<LayerEntry> {
  const folders = new FolderEntries(mtime)
  const present = new Set<string>()
  for await (const { placed, content } of unpackAhead(placement.packages, source, ahead, { signal })) {
    const { location, target } = placed.package
    onPackage?.(placed)
    yield* folders.above(location)
    if (target !== undefined) yield symlink(location, posix.relative(posix.dirname(location), target), mtime)
    if (!content || cameBundled(placed, folders.has(location))) continue
    yield* folders.upTo(location)
    const files = changedFiles(content.files, placed.change)
    for (const file of ownFiles(location, files, placement.packages)) {
      const path = `${location}/${file.path}`
      const isExecutable = placed.executables.includes(file.path)
      if (isExecutable) present.add(path)
      if (file.type === 'directory') yield* folders.upTo(path)
      else yield fileEntry(path, isExecutable ? await executableFile(file, signal) : file, mtime)
    }
  }
  const targets = new Map(placement.packages.map(({ package: locked }) => [locked.location, locked.target]))
  for (const { path, target, owner, file } of placement.binLinks) {
    const ofProject = targets.get(owner) !== undefined
    if (!ofProject && targets.has(owner) && !present.has(`${owner}/${file}`)) continue
    yield* folders.above(path)
    yield symlink(path, target, mtime)
  }
}

/** Folder entries, each once. */
class FolderEntries {
  readonly #seen = new Set<string>()
  readonly #mtime: number

  constructor(mtime: number) {
    this.#mtime = mtime
  }

  has(path: string): boolean {
    return this.#seen.has(path)
  }

  /** Those above a path that were not there yet, outermost first. */
  above(path: string): Generator<LayerEntry> {
    return this.upTo(posix.dirname(path))
  }

  *upTo(path: string): Generator<LayerEntry> {
    if (path === '.' || this.#seen.has(path)) return
    yield* this.above(path)
    this.#seen.add(path)
    yield { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: this.#mtime, size: 0 }
  }
}

function symlink(path: string, linkPath: string, mtime: number): LayerEntry {
  return { path, type: 'symlink', mode: 0o777, uid: 0, gid: 0, mtime, size: 0, linkPath }
}

function fileEntry(path: string, { mode, size, content }: PackageFile, mtime: number): LayerEntry {
  return { path, type: 'file', mode, uid: 0, gid: 0, mtime, size, content }
}
