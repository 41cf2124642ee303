export { type Baseline, parseBaseline, toBaseline } from './baseline.ts'
export {
  baseReferences,
  type CheckFinding,
  type CheckOptions,
  type CheckReport,
  type ConfiguredIgnore,
  checkFiles,
  type FixReport,
  fixFiles,
  type IgnoredFinding,
  maxFileLength,
} from './check-project.ts'
export { type ChecklistLine, type LineState } from './deploy/checklist-line.ts'
export type { CacheState } from './deploy/cache-line.ts'
export { type DeployFacts, deployChecklist, deployQuestions } from './deploy/checklist.ts'
export type { MachineFacts, MachineHealth } from './deploy/machine-lines.ts'
export type { DeployedImage, DeployedPlatform } from './deploy/image-lines.ts'
export { ChecksError, type ChecksErrorCode } from './checks-error.ts'
export { type FileKind, fileKindOf, isForeignFolder } from './file-kind.ts'
export { type ProjectFile, toProjectFile } from './project-file.ts'
export { type FileEdit, type Fix, type Rule, type RuleArea, type RuleId, ruleAreas } from './rule.ts'
export { rulePage, ruleSummaries } from './rule-page.ts'
export { rules } from './rules/index.ts'
