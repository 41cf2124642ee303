export { pinned } from './pipeline/actions.ts'
export { loginSettings } from './pipeline/github-login.ts'
export {
  chooseShape,
  type CiService,
  ciServices,
  type PipelineChoices,
  type PipelineShape,
  pipelineShapes,
  type ShapeChoice,
} from './pipeline/pipeline-choices.ts'
export { imageIn, type RegistryKind, registryOf } from './pipeline/registry.ts'
export {
  type HealthFacts,
  libcOf,
  type ManagerFacts,
  type PackageContents,
  type PackageFacts,
  type PackageManager,
  type ProjectFacts,
  type UnpreparedAddon,
} from './project-facts.ts'
export { type ScaffoldFile, scaffoldFiles, type ScaffoldPart, scaffoldParts } from './scaffold-files.ts'
export { completedDockerignore } from './to-dockerignore.ts'
