import type { TreeProblem } from '../tree/file-tree.ts'
import type { PlatformRule } from '../rule.ts'

const texts: Partial<Record<TreeProblem['problem'], { message: string; severity: 'error' | 'warning' }>> = {
  'parent-segment': { message: 'leads out of its folder with "..": engines refuse it', severity: 'error' },
  'nul-byte': { message: 'has a NUL byte in its name: no file system can hold it', severity: 'error' },
  'empty-path': { message: 'has no name', severity: 'error' },
  'link-escape': {
    message: 'is a link that leads above the root; engines keep it inside, other programs may not',
    severity: 'warning',
  },
  'empty-link': { message: 'is a link without a target', severity: 'warning' },
  'beneath-symlink': {
    message: 'lies below a symbolic link of its own layer: engines disagree about where it goes',
    severity: 'warning',
  },
  'through-symlink': {
    message: 'lies below a symbolic link of a lower layer: some engines replace the link by a directory',
    severity: 'warning',
  },
}

/** Members of a layer that engines refuse, or place differently. */
export const unsafeEntry: PlatformRule = {
  id: 'image/unsafe-entry',
  severity: 'error',
  *check(image) {
    for (const { problem, path, layer, link } of image.tree.problems) {
      const text = texts[problem]
      if (text === undefined || image.layers[layer]?.trusted) continue
      yield {
        path,
        layer,
        ...text,
        hint: 'pack the layer again, with real paths below the root',
        details: { problem, ...(link === undefined ? {} : { link }) },
      }
    }
  },
}
