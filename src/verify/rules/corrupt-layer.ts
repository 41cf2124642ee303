import type { LayerRule } from '../rule.ts'

/** A layer whose bytes are not what its descriptor says, do not decode, are no archive, or exceed the limits. */
export const corruptLayer: LayerRule = {
  id: 'image/corrupt-layer',
  severity: 'error',
  *checkLayers(layers) {
    for (const [layer, { failure }] of layers.entries()) {
      if (failure === undefined) continue
      yield {
        layer,
        message: `layer ${layer + 1} cannot be read: ${failure.message}`,
        hint:
          failure.hint ??
          'push or build the image again; if it comes back, the tool that packed the layer is at fault',
        details: { code: failure.code },
      }
    }
  },
}
