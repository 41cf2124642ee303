import { compressionOf } from '../../oci/index.ts'
import type { LayerRule } from '../rule.ts'

/** A layer of a media type that engines do not know. */
export const unknownLayerType: LayerRule = {
  id: 'image/unknown-layer-type',
  severity: 'error',
  *checkLayers(layers) {
    for (const [layer, { descriptor }] of layers.entries()) {
      if (compressionOf(descriptor.mediaType) !== undefined) continue
      yield {
        layer,
        message: `layer ${layer + 1} has the media type ${descriptor.mediaType}, which is no layer of a file system`,
        hint: 'this may be an artifact and no image; engines do not run it',
        details: { mediaType: descriptor.mediaType },
      }
    }
  },
}
