import { canServe, formatPlatform } from '../../oci/index.ts'
import { platformOf } from '../index-view.ts'
import type { IndexRule } from '../rule.ts'

/** A platform that was asked for, and that no entry of the image can serve. */
export const platformMissing: IndexRule = {
  id: 'image/platform-missing',
  severity: 'error',
  *checkIndex({ entries, required }) {
    const offered = entries.flatMap((entry) => platformOf(entry) ?? [])
    for (const wanted of required) {
      if (offered.some((platform) => canServe(platform, wanted))) continue
      const list = offered.map(formatPlatform)
      yield {
        platform: formatPlatform(wanted),
        message: `the image has no ${formatPlatform(wanted)}, only ${list.join(', ') || 'nothing'}`,
        hint: 'machines of this platform cannot pull it, or die with "exec format error": build the tag for all platforms in one go',
        details: { expected: formatPlatform(wanted), found: list },
      }
    }
  },
}
