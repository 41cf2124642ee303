import type { DockerCommand } from '../engines/buildkit/index.ts'
import type { Platform, Reference } from '../oci/index.ts'
import type { Stores } from '../store/index.ts'

/** What the checks look at. */
export interface DoctorSettings {
  docker: DockerCommand
  /** the buildx builder; the one that buildx uses when absent */
  builder?: string
  platforms: readonly Platform[]
  /** repositories that images go to */
  repositories: readonly Reference[]
  stores: Stores
  cacheFolder: string
  /** the project has a Dockerfile: without a builder nothing can be built */
  needsBuilder: boolean
  now(): Date
}
