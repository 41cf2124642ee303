import { formatPlatform } from '../../oci/index.ts'
import type { IndexRule } from '../rule.ts'

/** Two entries of the index for one platform: which one is pulled depends on the engine. */
export const duplicatePlatform: IndexRule = {
  id: 'image/duplicate-platform',
  severity: 'error',
  *checkIndex({ entries }) {
    const first = new Map<string, string>()
    for (const { declared, descriptor } of entries) {
      if (!declared) continue
      // Windows images of several versions share a platform, and differ in os.version.
      const platform = formatPlatform(declared)
      const key = `${platform} ${declared['os.version'] ?? ''} ${(declared['os.features'] ?? []).join()}`
      const earlier = first.get(key)
      first.set(key, descriptor.digest)
      if (earlier === undefined) continue
      const same = earlier === descriptor.digest
      yield {
        platform,
        ...(same ? { severity: 'warning' as const } : {}),
        message: same
          ? `the index lists ${descriptor.digest} twice for ${platform}`
          : `the index has two images for ${platform}: ${earlier} and ${descriptor.digest}`,
        hint: 'make the index anew from one image for each platform',
        details: { found: [earlier, descriptor.digest] },
      }
    }
  },
}
