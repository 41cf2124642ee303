export { addonsText, type AddonsTextOptions } from './addons-text.ts'
export { type BuildTextOptions, buildText, closedGateText } from './build-text.ts'
export { type CheckTextInput, type CheckTextOptions, checkText } from './check-text.ts'
export { comparisonText } from './comparison-text.ts'
export { checklistText } from './checklist-text.ts'
export { doctorText, repairPlanText } from './doctor-text.ts'
export { countText, findingsText } from './findings.ts'
export { githubAnnotations, workflowCommand } from './github-annotations.ts'
export {
  checklistSummary,
  checkSummary,
  failureSummary,
  imageSummary,
  smokeSummary,
  verifySummary,
} from './github-summary.ts'
export { forecastText } from './forecast-text.ts'
export { optimizeText } from './optimize-text.ts'
export { patchText } from './patch-text.ts'
export { planText } from './plan-text.ts'
export { jsonProgress } from './progress/json-progress.ts'
export { type ProgressSettings, plainProgress } from './progress/plain-progress.ts'
export { type TerminalProgress, terminalProgress } from './progress/terminal-progress.ts'
export { count, formatBytes, formatDuration } from './quantity.ts'
export { type PlacedFinding, type SarifRule, sarifText } from './sarif.ts'
export { smokeText } from './smoke-text.ts'
export { type Styles, styles } from './style.ts'
export { placedFindings } from './verify-findings.ts'
export { verifyText } from './verify-text.ts'
