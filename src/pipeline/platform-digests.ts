import { decodeIndex, type Digest, formatPlatform, isAttestation } from '../oci/index.ts'
import type { ImageReader } from '../store/index.ts'

/** The digest of each platform's manifest, by `formatPlatform`; attestations are no platforms. */
export function platformDigests({ root, name }: ImageReader): ReadonlyMap<string, Digest> {
  const entries = decodeIndex(root.bytes, name).manifests.filter((entry) => !isAttestation(entry))
  return new Map(
    entries.flatMap(({ platform, digest }) =>
      platform ? [[formatPlatform(platform), digest] as const] : [],
    ),
  )
}
