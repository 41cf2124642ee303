import { type CancelOptions, InternalError } from '../base/index.ts'
import type { PackageSource } from './package-source.ts'
import type { NodeModulesPlan } from './plan-node-modules.ts'
import type { TargetPlatform } from './target-platform.ts'

/** What a package whose install script is not run needs on one platform. */
export type InstallNeed = {
  /** `name@version` */
  package: string
  location: string
  /** `formatPlatform` */
  platform: string
  /** only optional dependencies need it: the service runs without */
  optional: boolean
} & (
  | { status: 'prebuilt'; how: 'bundled' | 'optional-package'; evidence: string }
  /** the script does nothing that an image needs */
  | { status: 'not-native'; evidence: string }
  /** a script fetches a binary for the platform that it runs on */
  | { status: 'download'; evidence: string }
  | { status: 'compile'; evidence: string }
)

export interface InstallNeedsOptions extends CancelOptions {
  platforms: readonly TargetPlatform[]
  source: PackageSource
}

/** For each package with an install script or a root `binding.gyp`, and each platform that has it: what it needs. */
export async function installNeeds(
  plan: NodeModulesPlan,
  options: InstallNeedsOptions,
): Promise<InstallNeed[]> {
  throw new InternalError(`not written yet ${plan.perPlatform.size} ${options.platforms.length}`)
}
