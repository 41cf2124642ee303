import { formatPlatform } from '../../oci/index.ts'
import { platformOf } from '../index-view.ts'
import type { IndexRule } from '../rule.ts'

/** A name that points at the image of one platform, with no index to choose from. */
export const singlePlatform: IndexRule = {
  id: 'image/single-platform',
  severity: 'warning',
  *checkIndex({ isIndex, entries, required }) {
    // Whoever asks for one platform knows what he gets; a missing one has been reported.
    if (entries.length > 1 || required.length > 0) return
    const platforms = entries.flatMap((entry) => platformOf(entry) ?? []).map(formatPlatform)
    yield {
      message: `the image is for ${platforms[0] ?? 'an unknown platform'} only${isIndex ? '' : ' (it is no image index)'}`,
      hint: 'every other machine that pulls it runs it under emulation or not at all; --platform says that one is meant',
      details: { found: platforms },
    }
  },
}
