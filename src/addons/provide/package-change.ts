/** A binary as a change of its package's files. */
import { InternalError, type Source } from '../../base/index.ts'
import type { PackageChange, PackageFile } from '../../npm/index.ts'
import type { ContentCache } from '../../store/index.ts'
import { shortDigest } from './binary-cache.ts'
import type { ProvidedFile } from './provided-binary.ts'

/** The files that a package gets, and those that it loses. */
export function packageChange(
  files: readonly ProvidedFile[],
  remove: readonly string[],
  cache: ContentCache,
): PackageChange {
  return {
    key: shortDigest([files.map(({ path, mode, digest }) => [path, mode, digest]), remove]),
    remove: new Set(remove),
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
