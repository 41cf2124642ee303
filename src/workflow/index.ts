export {
  type BakeAttribute,
  type BakeTarget,
  type BakeText,
  bakeTargetsOfHcl,
  bakeTargetsOfJson,
} from './bake.ts'
export { type ComposeBuild, type ComposeService, toComposeServices } from './compose.ts'
export { type Expression, expressionsIn, hasExpression, referencesIn, substitute } from './expression.ts'
export {
  type ActionUse,
  type GithubWorkflow,
  ownEntry,
  scriptOf,
  toGithubWorkflow,
  type WorkflowJob,
  type WorkflowStep,
} from './github-workflow.ts'
export { type GitlabJob, toGitlabJobs } from './gitlab-ci.ts'
export { type HclAttribute, type HclBlock, type HclFile, type HclValue, parseHcl } from './hcl.ts'
export { type Deployment, toDeployments } from './manifest.ts'
export { type MatrixRow, matrixRows } from './matrix.ts'
export { entriesAt, entryOf, listAt, mapAt, scalarAt, scalarsAt, textOf, valueAt } from './yaml-access.ts'
export {
  parseYaml,
  type YamlEntry,
  type YamlFile,
  type YamlList,
  type YamlMap,
  type YamlNode,
  type YamlProblem,
  type YamlScalar,
} from './yaml-tree.ts'
