import { type CancelOptions, InternalError } from '../base/index.ts'
import type { LayerEntry } from './entry.ts'

/**
 * Writes an archive: ustar, with a PAX header only for an entry that needs one, ended by two zero blocks. The bytes depend
 * on nothing but the entries: the same on every host and Node version. Entries are written in the order in which they come;
 * sorting them is the caller's part. Throws `TarError` for an entry that cannot be written as it stands.
 */
export async function* writeTar(
  entries: AsyncIterable<LayerEntry> | Iterable<LayerEntry>,
  options: CancelOptions,
): AsyncGenerator<Uint8Array> {
  throw new InternalError(`writeTar is being written ${typeof entries}${options.signal.aborted}`)
}
