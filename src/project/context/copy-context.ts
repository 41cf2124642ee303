import { type CancelOptions, InternalError } from '../../base/index.ts'
import type { ContextEntry } from './walk-context.ts'

export interface CopyContextOptions extends CancelOptions {
  /** modification time that every copy gets, in seconds; 0 when absent */
  mtime?: number
}

/**
 * Copies the entries from `from` into the empty or absent folder `to`: reflinks where the file system can, modes 0644 and
 * 0755 whatever the umask, one modification time. Throws `ProjectError` `CONTEXT_CHANGED` when a file is no longer what
 * the walk saw.
 */
export async function copyContext(
  from: string,
  to: string,
  entries: readonly ContextEntry[],
  options: CopyContextOptions,
): Promise<void> {
  throw new InternalError(`not written yet ${from} ${to} ${entries.length} ${options.mtime}`)
}
