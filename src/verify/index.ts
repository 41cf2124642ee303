export {
  collectImages,
  type CollectedImages,
  type DeployedImage,
  type ManifestKind,
} from './deploy/collect-images.ts'
export { applyIgnore, type IgnoreEntry, type IgnoreUse } from './ignore.ts'
export { layersOf } from './index-view.ts'
export type { VerifyRecords } from './layer/layer-reader.ts'
export type { LayerLimits } from './layer/read-layer.ts'
export { verifyRules } from './rules/rules.ts'
export { verifyImage, type VerifyOptions } from './verify-image.ts'
export type { ContentSummary, LayerSummary, PlatformSummary, VerifyReport } from './verify-report.ts'
