export { type BuildkitResult, buildWithBuildkit } from './build-with-buildkit.ts'
export type { BuildkitTools, ReadyBuilder } from './buildkit-tools.ts'
export type { BuildkitRequest, BuildLimits, BuildxOptions, DockerfileSource } from './build-request.ts'
export { BuildkitError, type BuildkitErrorCode } from './buildkit-error.ts'
export {
  type Builder,
  type BuilderNode,
  builderText,
  type Execution,
  executionOf,
  nodeFor,
} from './builder/builder.ts'
export { inspectBuilder, type InspectOptions } from './builder/inspect-builder.ts'
export { type BakeBuild, readBake } from './buildx/read-bake.ts'
export { type BuildxFeatures, buildxFeatures } from './buildx/buildx-features.ts'
export { engineFailure } from './failure/engine-failure.ts'
export { askDocker, type BuildxAnswer, type DockerCommand } from './buildx/run-buildx.ts'
export type { BuildStep } from './progress/timeline.ts'
