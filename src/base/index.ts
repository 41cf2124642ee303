export { reasonOf, sleep, throwIfAborted } from './cancellation.ts'
export { inParallel, type Limiter, limiter, mapConcurrently, mapOrdered } from './concurrency.ts'
export { defaultCacheFolder } from './default-cache-folder.ts'
export {
  assertNever,
  CodedError,
  type CodedErrorOptions,
  codeOf,
  exitCodeOf,
  exitCodes,
  type FailureKind,
  InternalError,
  InterruptedError,
  messageOf,
} from './errors.ts'
export { compareText, type Finding, type Severity, type SourceRange, sortFindings } from './finding.ts'
export { LogicalText } from './logical-text.ts'
export { type Progress, type ProgressEvent, type Station, silent } from './progress.ts'
export { Secret } from './secret.ts'
export { type CancelOptions, collect, fromBytes, fromText, type Source } from './source.ts'
export {
  applyEdits,
  areIndependent,
  type TextEdit,
  TextLines,
  type TextPosition,
  type TextRange,
} from './text-edit.ts'
