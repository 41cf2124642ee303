import type { CancelOptions, Source } from '../../base/index.ts'
import type { TarEntry } from '../../tar/index.ts'

/** The content of one member of an archive: each time it is opened, the archive is read up to it. */
export function archivedContent(
  open: (options: CancelOptions) => AsyncIterable<TarEntry>,
  { rawPath }: TarEntry,
): Source {
  return async function* (options) {
    for await (const member of open(options)) {
      if (member.rawPath !== rawPath) continue
      yield* member.body
      return
    }
  }
}
