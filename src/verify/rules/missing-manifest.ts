import { formatPlatform } from '../../oci/index.ts'
import type { IndexRule } from '../rule.ts'

/** An entry of the index whose manifest or configuration is not there, or is none. */
export const missingManifest: IndexRule = {
  id: 'image/missing-manifest',
  severity: 'error',
  *checkIndex({ entries }) {
    for (const { descriptor, declared, failure } of entries) {
      if (failure === undefined) continue
      yield {
        ...(declared ? { platform: formatPlatform(declared) } : {}),
        message: `the image for this platform cannot be read: ${failure.message}`,
        hint: 'a cleanup of untagged manifests takes the children of an index with it: push the image again, and exclude multi-platform tags from the cleanup',
        details: { digest: descriptor.digest, code: failure.code },
      }
    }
  },
}
