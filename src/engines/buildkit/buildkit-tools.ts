import type { Progress } from '../../base/index.ts'
import type { ContentCache, Stores } from '../../store/index.ts'
import type { Builder } from './builder/builder.ts'
import type { BuildxFeatures } from './buildx/buildx-features.ts'
import type { DockerCommand } from './buildx/run-buildx.ts'

/** What the buildkit engine needs of the world. */
export interface BuildkitTools {
  docker: DockerCommand
  stores: Stores
  cache: ContentCache
  progress: Progress
}

/** The builder that a build uses, asked beforehand (`inspectBuilder`, `buildxFeatures`). */
export interface ReadyBuilder {
  builder: Builder
  features: BuildxFeatures
}
