export { build, type BuildRequest } from './build.ts'
export type { BuildReport, LayerReport, PlatformReport } from './build-report.ts'
