import type { CancelOptions } from '../../base/index.ts'
import { decodeIndex, type Descriptor, isAttestation, isIndexType } from '../../oci/index.ts'
import { partsOf } from '../image-content.ts'
import { blobPath, type ImageFiles } from '../layout/image-files.ts'
import type { ImageReader } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { withIndex } from '../with-index.ts'

/**
 * The image without the platforms whose content is not in its files. A Docker engine that pulled an image for one platform
 * saves its whole index, with the content of that platform only. Throws `StoreError` `IMAGE_INCOMPLETE` when none is there.
 */
export async function presentPart(
  reader: ImageReader,
  files: ImageFiles,
  options: CancelOptions,
): Promise<ImageReader> {
  const { descriptor, bytes } = reader.root
  if (!isIndexType(descriptor.mediaType)) return reader
  const index = decodeIndex(bytes, reader.name)
  const present: Descriptor[] = []
  for (const entry of index.manifests) if (await isPresent(entry, reader, files, options)) present.push(entry)
  if (present.length === index.manifests.length) return reader
  const images = new Set(
    present.filter((entry) => !isAttestation(entry)).map(({ digest }) => digest as string),
  )
  if (images.size === 0) {
    throw new StoreError('IMAGE_INCOMPLETE', `${reader.name} has the content of none of its platforms`, {
      kind: 'environment',
      hint: 'pull the image again before it is saved',
    })
  }
  const kept = present.filter(
    (entry) => !isAttestation(entry) || images.has(entry.annotations?.['vnd.docker.reference.digest'] ?? ''),
  )
  return withIndex(reader, { ...index, manifests: kept })
}

async function isPresent(
  entry: Descriptor,
  reader: ImageReader,
  files: ImageFiles,
  options: CancelOptions,
): Promise<boolean> {
  if ((await files.sizeOf(blobPath(entry.digest))) === undefined) return false
  const { blobs } = partsOf(await reader.manifest(entry, options))
  for (const { digest } of blobs) if ((await files.sizeOf(blobPath(digest))) === undefined) return false
  return true
}
