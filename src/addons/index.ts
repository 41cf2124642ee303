export type {
  AddonPackage,
  AddonStatus,
  Builder,
  BuildNeeds,
  Downloader,
  Mechanism,
  SystemLibrary,
} from './classify/addon-package.ts'
export { withAnswers } from './classify/with-answers.ts'
export { classifyAddons, type ClassifyAddonsOptions } from './classify/classify-addons.ts'
export { AddonError, type AddonErrorCode } from './addon-error.ts'
export type { AddonTarget, DebianSource, TargetBase } from './provide/addon-target.ts'
export type { RootSource, WorkRoot, WorkRoots } from './provide/emulate/work-root.ts'
export type { AddonTools } from './provide/addon-tools.ts'
export { provideAddons, type ProvideAddonsOptions, type ProvidedAddons } from './provide/provide-addons.ts'
export { refuseImpossible } from './provide/refuse-impossible.ts'
export {
  addonsReport,
  type AddonsReport,
  type ReportedAddon,
  unavailablePackages,
  type UnreadPackage,
} from './classify/addons-report.ts'
