import type { PackageSource } from '../../npm/index.ts'
import type { BaseImage } from './base/base-image.ts'
import type { DependencyPlan } from './dependencies.ts'
import type { DirectPlan } from './direct-plan.ts'

/** The plan, with what had to be looked up: the base, and each platform's packages. */
export interface ResolvedPlan {
  plan: DirectPlan
  base: BaseImage
  dependencies: DependencyPlan
  source: PackageSource
}
