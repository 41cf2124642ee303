import type { Progress } from '../../base/index.ts'
import type { DebianPorts } from '../../debian/index.ts'
import type { NpmConfig, PackageSource } from '../../npm/index.ts'
import type { ContentCache } from '../../store/index.ts'
import type { WorkRoots } from './emulate/work-root.ts'

/** What providing addons needs of the world. */
export interface AddonTools {
  cache: ContentCache
  source: PackageSource
  npm: NpmConfig
  debian: DebianPorts
  roots: WorkRoots
  /** of the process: where programs are found, what they may know */
  env: Readonly<Record<string, string | undefined>>
  progress: Progress
}
