import type { LayerRule } from '../rule.ts'

/** A layer whose uncompressed content has another digest than the configuration says: engines refuse it when they unpack it. */
export const diffIdMismatch: LayerRule = {
  id: 'image/diff-id-mismatch',
  severity: 'error',
  *checkLayers(layers) {
    for (const [layer, { facts, diffId }] of layers.entries()) {
      if (facts === undefined || facts.diffId === diffId) continue
      yield {
        layer,
        message: diffId
          ? `layer ${layer + 1} unpacks to ${facts.diffId}, the configuration says ${diffId}`
          : `layer ${layer + 1} is not listed in the configuration (rootfs.diff_ids)`,
        hint: 'layers and configuration come from different builds: push the image again as a whole',
        details: { expected: diffId ?? null, found: facts.diffId },
      }
    }
  },
}
