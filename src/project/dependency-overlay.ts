import { type Finding, InternalError } from '../base/index.ts'

/** A file or link of a tree, with what tells whether it changed. */
export interface TreeEntry {
  /** relative to the folder that holds node_modules, with `/` */
  path: string
  type: 'file' | 'symlink'
  executable: boolean
  /** content's digest for a file, target for a link */
  identity: string
}

/** What lifecycle scripts did to node_modules. */
export interface TreeChange {
  added: TreeEntry[]
  changed: TreeEntry[]
  removed: TreeEntry[]
}

/** Sorted by path. */
export function compareTrees(before: readonly TreeEntry[], after: readonly TreeEntry[]): TreeChange {
  throw new InternalError(`not written yet ${before.length} ${after.length}`)
}

export interface OverlayOptions {
  /** folders of packages that are in the image on every platform: `node_modules/a/node_modules/b` */
  shared: ReadonlySet<string>
  /** folders of packages that are in the image of some platforms only */
  perPlatform: ReadonlySet<string>
  /** whether a changed file holds machine code */
  isBinary: (path: string) => boolean
}

/** The part of the change that goes into the app layer, for all platforms. */
export interface DependencyOverlay {
  write: TreeEntry[]
  /** files to hide from the dependency layers (whiteouts) */
  remove: string[]
  findings: Finding[]
}

export function dependencyOverlay(change: TreeChange, options: OverlayOptions): DependencyOverlay {
  throw new InternalError(`not written yet ${change.added.length} ${options.shared.size}`)
}
