import { decodeIndex } from '../../oci/index.ts'
import { type UnpublishedImage, withIndex } from '../../store/index.ts'
import type { Proof } from './prove-image.ts'

/** Annotations of a published index: which platforms were started and probed before it got a name, and which were not. */
export const testedAnnotation = 'dev.everyarch.tested'
export const untestedAnnotation = 'dev.everyarch.untested'

/**
 * The image with what was tested written into its index; manifests stay as they were proved. Without a smoke station nothing
 * is written, so that an image that only goes into a folder has the digest of its content alone.
 */
export function recordTests(image: UnpublishedImage, { tested, untested }: Proof): UnpublishedImage {
  if (tested.length === 0 && untested.length === 0) return image
  const index = decodeIndex(image.reader.root.bytes, image.reader.name)
  const annotations = {
    ...index.annotations,
    ...(tested.length > 0 ? { [testedAnnotation]: tested.join(',') } : {}),
    ...(untested.length > 0 ? { [untestedAnnotation]: untested.join(',') } : {}),
  }
  return { ...image, reader: withIndex(image.reader, { ...index, annotations }) }
}
