import type { Progress } from '../../base/index.ts'
import type { WorkRoots } from '../../addons/index.ts'
import type { DebianPorts } from '../../debian/index.ts'
import type { NpmConfig } from '../../npm/index.ts'
import type { ContentCache, Stores } from '../../store/index.ts'

/** What the direct engine needs of the world. */
export interface DirectTools {
  cache: ContentCache
  stores: Stores
  npm: NpmConfig
  /** for packages that are too large for memory; nobody else's, and removed after the run */
  temporaryFolder: string
  debian: DebianPorts
  /** for addons that can only be compiled in a root of the base */
  roots: WorkRoots
  /** of the processes that the user's scripts run in */
  env: Readonly<Record<string, string | undefined>>
  now: () => Date
  progress: Progress
}
