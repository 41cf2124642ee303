/** `check --online`: which platforms base images offer, asked of their registries. */
import { type CancelOptions, mapConcurrently, messageOf, reasonOf } from '../../base/index.ts'
import { decodeIndex, formatPlatform, isAttestation, isIndexType, parseReference } from '../../oci/index.ts'
import { openReader, platformOfManifest, type Stores } from '../../store/index.ts'

export interface BasePlatforms {
  /** the platforms by reference, of those images whose registry answered */
  offered: Map<string, string[]>
  /** the others, each with what went wrong */
  unanswered: { reference: string; reason: string }[]
}

/** Asks for each reference once, four at a time. A registry that does not answer is said, not thrown. */
export async function basePlatforms(
  references: readonly string[],
  stores: Stores,
  { signal }: CancelOptions,
): Promise<BasePlatforms> {
  const offered = new Map<string, string[]>()
  const unanswered: BasePlatforms['unanswered'] = []
  await mapConcurrently(
    references,
    4,
    async (reference) => {
      try {
        offered.set(reference, await platformsOf(reference, stores, { signal }))
      } catch (error) {
        if (signal.aborted) throw reasonOf(signal)
        unanswered.push({ reference, reason: messageOf(error) })
      }
    },
    { signal },
  )
  return { offered, unanswered }
}

async function platformsOf(reference: string, stores: Stores, options: CancelOptions): Promise<string[]> {
  const image = await openReader(
    { transport: 'docker', reference: parseReference(reference) },
    stores,
    options,
  )
  try {
    const { descriptor, bytes } = image.root
    if (!isIndexType(descriptor.mediaType)) {
      return [formatPlatform(await platformOfManifest(image, image.root, options))]
    }
    const children = decodeIndex(bytes, reference).manifests.filter((child) => !isAttestation(child))
    return children.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : []))
  } finally {
    await image.close()
  }
}
