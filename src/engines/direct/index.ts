export { buildDirect, type ResolvedPlan, resolvePlan, type UnpublishedImage } from './direct-engine.ts'
export { DirectError, type DirectErrorCode } from './direct-error.ts'
export { type DirectPlan, type DirectPlanOptions, planDirect } from './direct-plan.ts'
export type { DirectTools } from './direct-tools.ts'
