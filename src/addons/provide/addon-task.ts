import type { LockedPackage } from '../../lockfile/index.ts'
import type { Placement } from '../../npm/index.ts'
import type { AddonSettings } from '../../project/index.ts'
import type { AddonPackage } from '../classify/addon-package.ts'
import type { AddonTarget } from './addon-target.ts'

/** One package that has to be given a binary for one platform. */
export interface AddonTask {
  package: LockedPackage
  addon: AddonPackage
  /** `name@version` */
  name: string
  /** `formatPlatform` */
  platform: string
  target: AddonTarget
  /** everything that the platform has in node_modules */
  placement: Placement
  settings: AddonSettings
  /** the service runs without it */
  optional: boolean
}
