import { type CancelOptions, InternalError } from '../base/index.ts'
import type { LayerEntry } from '../tar/index.ts'
import type { PackageSource } from './package-source.ts'
import type { Placement, PlacedPackage } from './plan-node-modules.ts'

export interface LayerEntriesOptions extends CancelOptions {
  source: PackageSource
  /** seconds since 1970 for every entry; default 0 */
  mtime?: number
  /** called when a package's entries begin */
  onPackage?: (placed: PlacedPackage) => void
}

/**
 * The entries of a layer, paths relative to the project's root (`node_modules/…`), owned by 0:0. Packages come sorted by
 * location, the files of each sorted by path, folders before what is in them; `.bin` links last, because whether a
 * link exists is known only when its package was read. Each content must be read before the next entry is asked for.
 */
export async function* layerEntries(
  placement: Placement,
  options: LayerEntriesOptions,
): AsyncGenerator<LayerEntry> {
  throw new InternalError(`not written yet ${placement.packages.length} ${options.mtime}`)
}
