export type {
  AddonPackage,
  AddonStatus,
  Builder,
  BuildNeeds,
  Downloader,
  Mechanism,
  SystemLibrary,
} from './classify/addon-package.ts'
export { classifyAddons, type ClassifyAddonsOptions } from './classify/classify-addons.ts'
