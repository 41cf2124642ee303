import { type CancelOptions, InternalError } from '../base/index.ts'
import type { TarEntry } from './entry.ts'

/** What an archive may be made of at most; each one beyond is a `TarError` `TAR_LIMIT`. */
export interface TarLimits {
  /** members */
  maxEntries: number
  /** bytes of a path or link target */
  maxPathBytes: number
  /** segments of a path */
  maxDepth: number
  /** bytes of one PAX header, or of one GNU long name */
  maxExtendedHeaderBytes: number
  /** bytes of the whole archive */
  maxBytes: number
}

export interface ReadTarOptions extends CancelOptions {
  /**
   * `strict`, for packages: a member with any problem but `absolute-link`, and any device or pipe, is a `TarError` that names
   * it. `report`, for container layers: problems are listed on the member and nothing is refused.
   */
  paths: 'strict' | 'report'
  limits?: Partial<TarLimits>
}

/**
 * Reads an archive as a stream: v7, ustar, GNU and PAX. A body that is not read is skipped. Throws `TarError` on truncated or
 * malformed archives and beyond the limits.
 */
export async function* readTar(
  stream: AsyncIterable<Uint8Array>,
  options: ReadTarOptions,
): AsyncGenerator<TarEntry> {
  throw new InternalError(`readTar is being written ${typeof stream}${options.signal.aborted}`)
}
