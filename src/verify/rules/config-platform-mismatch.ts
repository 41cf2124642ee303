import { formatPlatform } from '../../oci/index.ts'
import type { IndexRule } from '../rule.ts'

/** The index says one platform, the image's own configuration another: engines warn, refuse or run the wrong one. */
export const configPlatformMismatch: IndexRule = {
  id: 'image/config-platform-mismatch',
  severity: 'error',
  *checkIndex({ entries }) {
    for (const { declared, configured, descriptor } of entries) {
      if (!declared || !configured || formatPlatform(declared) === formatPlatform(configured)) continue
      // Many builders write no variant into the configuration of an Arm image; that is image/invalid-variant's.
      const sameMachine = declared.os === configured.os && declared.architecture === configured.architecture
      yield {
        platform: formatPlatform(declared),
        ...(sameMachine ? { severity: 'warning' as const } : {}),
        message: `the index says ${formatPlatform(declared)}, the configuration of ${descriptor.digest} says ${formatPlatform(configured)}`,
        hint: 'an image was put into the index under a wrong platform: build it for this platform, or correct the entry',
        details: { expected: formatPlatform(declared), found: formatPlatform(configured) },
      }
    }
  },
}
