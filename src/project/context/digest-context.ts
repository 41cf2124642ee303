import { type CancelOptions, InternalError } from '../../base/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { ContextEntry } from './walk-context.ts'

/** Where digests of unchanged files are remembered from run to run. The text is opaque; losing it costs time only. */
export interface DigestRecords {
  load(options: CancelOptions): Promise<string | undefined>
  save(text: string, options: CancelOptions): Promise<void>
}

export interface DigestContextOptions extends CancelOptions {
  records?: DigestRecords
  /** the present, in milliseconds: files changed in the last two seconds are not remembered; the clock's when absent */
  now?: number
}

export interface ContextDigest {
  /** over paths, types, executable bits, link targets and contents; not over times, owners and other modes */
  digest: Digest
  /** path → digest of its content, for every file */
  files: ReadonlyMap<string, Digest>
}

/** Digests the entries that `walkContext(root)` gave; reads only files whose stamp is not on record. */
export async function digestContext(
  root: string,
  entries: readonly ContextEntry[],
  options: DigestContextOptions,
): Promise<ContextDigest> {
  throw new InternalError(`not written yet ${root} ${entries.length} ${options.signal.aborted}`)
}

/** Records kept in one file, replaced atomically. */
export function digestRecordsFile(path: string): DigestRecords {
  throw new InternalError(`not written yet ${path}`)
}
