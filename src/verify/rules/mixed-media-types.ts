import type { IndexRule } from '../rule.ts'

/** Docker's and OCI's media types in one image: some registries and engines refuse the mixture. */
export const mixedMediaTypes: IndexRule = {
  id: 'image/mixed-media-types',
  severity: 'warning',
  *checkIndex({ root, isIndex, entries }) {
    const types = new Set(isIndex ? [root.mediaType] : [])
    for (const { descriptor, manifest } of entries) {
      types.add(descriptor.mediaType)
      if (manifest) for (const { mediaType } of [manifest.config, ...manifest.layers]) types.add(mediaType)
    }
    const families = new Set([...types].flatMap((type) => familyOf(type) ?? []))
    if (families.size < 2) return
    yield {
      message: 'the image mixes media types of Docker and of OCI',
      hint: 'build or copy it with one of the two (docker buildx: oci-mediatypes=true; skopeo copy --format oci)',
      details: { found: [...types].sort() },
    }
  },
}

function familyOf(mediaType: string): string | undefined {
  if (mediaType.startsWith('application/vnd.oci.')) return 'oci'
  return mediaType.startsWith('application/vnd.docker.') ? 'docker' : undefined
}
