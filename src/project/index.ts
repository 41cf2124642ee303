export { type BuildScript, planBuild } from './build-scripts.ts'
export type {
  AddonSettings,
  AddonStep,
  AssembledBase,
  Configuration,
  ExpectedText,
  HttpCheck,
  IgnoredFinding,
  ImageSettings,
  SmokeProbe,
} from './configuration/configuration.ts'
export { mergeConfiguration } from './configuration/merge-configuration.ts'
export { type FoundConfiguration, readConfiguration } from './configuration/read-configuration.ts'
export { targetPlatforms } from './configuration/target-platforms.ts'
export { copyContext, type CopyContextOptions } from './context/copy-context.ts'
export { type ContextDigest, digestContext, type DigestContextOptions } from './context/digest-context.ts'
export { type DigestRecords, digestRecordsFile } from './context/digest-records.ts'
export { type IgnoreRules, leavingOut, parseIgnoreRules, readIgnoreRules } from './context/ignore-rules.ts'
export {
  type ContextEntry,
  type ContextFile,
  type ContextFolder,
  type ContextLink,
  walkContext,
  type WalkOptions,
} from './context/walk-context.ts'
export {
  compareTrees,
  type DependencyOverlay,
  dependencyOverlay,
  type OverlayOptions,
  type TreeChange,
  type TreeEntry,
} from './dependency-overlay.ts'
export { ciFacts } from './git/ci-facts.ts'
export type { GitFacts } from './git/git-facts.ts'
export { imageTags, type ImageTagsOptions } from './git/image-tags.ts'
export { type GitFactsOptions, readCommitTime, readGitFacts } from './git/read-git-facts.ts'
export { commitLabels, imageLabels } from './image-labels.ts'
export { type LifecyclePlan, type LifecycleScript, planLifecycleScripts } from './lifecycle-scripts.ts'
export { chooseNode, type NodeChoice } from './node-version/choose-node.ts'
export { type NodeWish, readNodeWishes } from './node-version/read-node-wishes.ts'
export { runtimeFolders } from './outputs/detect-outputs.ts'
export type { OutputSelection } from './outputs/output-rule.ts'
export {
  collectOutputs,
  type OutputEntry,
  planOutputs,
  rulesBelow,
  type SelectedOutputs,
  type SelectOutputsOptions,
} from './outputs/output-selection.ts'
export { type PackageJson, readPackageJson } from './package-json.ts'
export { readProjectFile } from './project-file.ts'
export { openProject, type OpenProjectOptions, type Project } from './project.ts'
export { ProjectError, type ProjectErrorCode } from './project-error.ts'
export { type StartCommand, startCommand } from './start-command/start-command.ts'
export { chooseWorkspace, findWorkspaces, type Workspace } from './workspaces/workspaces.ts'
