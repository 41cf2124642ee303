/** A binary as a change of its package's files. */
import type { Source } from '../../base/index.ts'
import { InternalError } from '../../base/index.ts'
import type { PackageChange, PackageFile } from '../../npm/index.ts'
import type { ContentCache } from '../../store/index.ts'
import { shortDigest } from './binary-cache.ts'
import type { ProvidedBinary, ProvidedFile } from './provided-binary.ts'

export function packageChange({ files }: ProvidedBinary, cache: ContentCache): PackageChange {
  return {
    key: shortDigest(files.map(({ path, mode, digest }) => [path, mode, digest])),
    remove: new Set(),
    add: files.map(
      (file): PackageFile => ({
        path: file.path,
        type: 'file',
        mode: file.mode,
        size: file.size,
        content: cached(file, cache),
      }),
    ),
  }
}

function cached(file: ProvidedFile, cache: ContentCache): Source {
  return async function* (options) {
    const content = await cache.openBlob(file, options)
    if (!content) throw new InternalError(`the cache lost ${file.path}`)
    yield* content(options)
  }
}
