import { type CancelOptions, InternalError } from '../base/index.ts'
import type { Platform } from '../oci/index.ts'
import type { ImageReader } from './store.ts'

/**
 * The same image with only these platforms (and their attestations): a new index over unchanged manifests. Throws
 * `StoreError` `PLATFORM_MISSING` naming what the image has. A root that is no index must be of the one platform asked for.
 */
export async function selectPlatforms(
  reader: ImageReader,
  _platforms: readonly Platform[],
  _options: CancelOptions,
): Promise<ImageReader> {
  throw new InternalError(`not written yet: selectPlatforms ${reader.name}`)
}
