import { type CancelOptions, InternalError } from '../../base/index.ts'
import type { IgnoreRules } from './ignore-rules.ts'

/** A file, folder or symbolic link below a root. Paths are relative, with `/`, in NFC-agnostic UTF-8. */
export type ContextEntry = ContextFile | ContextFolder | ContextLink

export interface ContextFile {
  type: 'file'
  path: string
  size: number
  executable: boolean
  /** changes when the content may have changed; only comparable on the machine that made it */
  stamp: string
}

export interface ContextFolder {
  type: 'directory'
  path: string
}

export interface ContextLink {
  type: 'symlink'
  path: string
  target: string
}

export interface WalkOptions extends CancelOptions {
  ignore?: IgnoreRules
  /** names that are left out wherever they stand; `node_modules` and `.git` when absent */
  leaveOut?: readonly string[]
  /** default 200,000 */
  maxEntries?: number
}

/**
 * Everything below `root`, sorted by path (UTF-16 order, folders before their contents), never following a link.
 * Throws `ProjectError` `CONTEXT_UNREADABLE`, `CONTEXT_SPECIAL_FILE` (socket, device, fifo), `CONTEXT_NAME_INVALID`
 * (not UTF-8), `CONTEXT_TOO_LARGE`.
 */
export async function walkContext(root: string, options: WalkOptions): Promise<ContextEntry[]> {
  throw new InternalError(`not written yet ${root} ${options.maxEntries}`)
}
