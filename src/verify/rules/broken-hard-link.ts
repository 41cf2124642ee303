import type { PlatformRule } from '../rule.ts'

/** A hard link to a file that is not there: engines refuse to unpack the layer. */
export const brokenHardLink: PlatformRule = {
  id: 'image/broken-hard-link',
  severity: 'error',
  *check(image) {
    for (const { problem, path, layer, link } of image.tree.problems) {
      if (problem !== 'hard-link-to-nowhere' || image.layers[layer]?.trusted) continue
      yield {
        path,
        layer,
        message: `is a hard link to ${link ?? 'nothing'}, which is not there: engines refuse to unpack the layer`,
        hint: 'the tool that packed the layer left the file out: pack it again',
        details: { link: link ?? null },
      }
    }
  },
}
