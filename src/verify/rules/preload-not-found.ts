import type { PlatformRule } from '../rule.ts'
import { variable } from '../startup/search-path.ts'

/** LD_PRELOAD names a library that is not there, or is for another machine: the loader prints an error and goes on without. */
export const preloadNotFound: PlatformRule = {
  id: 'image/preload-not-found',
  severity: 'warning',
  *check(image) {
    const paths = (variable(image.env, 'LD_PRELOAD') ?? '')
      .split(/[ :]+/)
      .filter((path) => path.startsWith('/') && !path.includes('$'))
    for (const path of paths) {
      const content = image.tree.find(path)?.content
      if (content?.kind === 'elf' && content.elf.architecture === image.platform.architecture) continue
      yield {
        path: path.slice(1),
        message:
          content?.kind === 'elf'
            ? `is in LD_PRELOAD and for another machine (${content.elf.machineName})`
            : 'is in LD_PRELOAD, and no library is there',
        hint: 'Debian keeps libraries below the triplet of the architecture: give the name alone (LD_PRELOAD=libjemalloc.so.2), which the loader finds on every platform',
      }
    }
  },
}
