export { reasonOf, sleep, throwIfAborted } from './cancellation.ts'
export { inParallel, limiter, mapConcurrently, mapOrdered, type Limiter } from './concurrency.ts'
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
export { compareText, type Finding, type Severity, sortFindings, type SourceRange } from './finding.ts'
export { type Progress, type ProgressEvent, silent, type Station } from './progress.ts'
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
