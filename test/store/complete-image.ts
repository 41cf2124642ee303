import { collect } from '../../src/base/index.ts'
import { decodeIndex, decodeManifest, isIndexType } from '../../src/oci/index.ts'
import type { ImageReader, StoredManifest } from '../../src/store/index.ts'

const { signal } = new AbortController()

/** Reads every byte of an image; resolves to the number of distinct blobs. Rejects when anything is missing or damaged. */
export async function readWholly(image: ImageReader): Promise<number> {
  const seen = new Set<string>()
  await readBelow(image, image.root, seen)
  return seen.size
}

async function readBelow(
  image: ImageReader,
  { descriptor, bytes }: StoredManifest,
  seen: Set<string>,
): Promise<void> {
  if (isIndexType(descriptor.mediaType)) {
    for (const entry of decodeIndex(bytes, 'index').manifests) {
      await readBelow(image, await image.manifest(entry, { signal }), seen)
    }
    return
  }
  const { config, layers } = decodeManifest(bytes, 'manifest')
  for (const blob of [config, ...layers]) {
    if (seen.has(blob.digest)) continue
    seen.add(blob.digest)
    await collect(image.blob(blob)({ signal }), 2 ** 31, blob.digest)
  }
}
