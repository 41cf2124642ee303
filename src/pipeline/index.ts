export { build, type BuildRequest } from './build.ts'
export type { BuildReport, LayerReport, PlatformReport } from './build-report.ts'
export { plan, type PlanReport, type PlanRequest, type PlatformPlan } from './plan.ts'
