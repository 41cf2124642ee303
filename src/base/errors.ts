/**
 * Failures. Two things are never mixed in this project: a *finding* is a value (`finding.ts`), a *failure* is thrown.
 * Every failure that we foresee is a `CodedError`; anything else that reaches the command line is our bug (exit 70).
 */

/** What kind of trouble a failure is; it alone decides the exit code. */
export type FailureKind =
  /** the command line, the configuration or the project is wrong: the user changes something and tries again */
  | 'usage'
  /** the machine, the network or a remote service did not do its part */
  | 'environment'
  /** the gate stays closed: something was proved wrong, nothing was published */
  | 'gate'
  /** the run was interrupted on request */
  | 'interrupted'
  /** a condition that we thought impossible */
  | 'internal'

/** Process exit codes; the whole table. */
export const exitCodes = { ok: 0, gate: 1, usage: 2, environment: 3, internal: 70, interrupted: 130 } as const

export interface CodedErrorOptions {
  /** decides the exit code; see {@link FailureKind} */
  kind: FailureKind
  /** what the user can do, one or more lines, without a trailing full stop needed */
  hint?: string
  /** JSON-safe facts for `--json`; never secrets */
  details?: Record<string, unknown>
  /** true when the same call may succeed later */
  retryable?: boolean
  cause?: unknown
}

/**
 * A foreseen failure: a stable `code` (part of the API, never renamed), a `message` that says what failed on which
 * object and why, and a `hint` that says what to do. Rooms export subclasses that narrow `Code`.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  readonly kind: FailureKind
  readonly hint: string | undefined
  readonly details: Record<string, unknown>
  readonly retryable: boolean

  constructor(code: Code, message: string, options: CodedErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.kind = options.kind
    this.hint = options.hint
    this.details = options.details ?? {}
    this.retryable = options.retryable ?? false
  }
}

/** A condition that cannot happen; reaching it is a bug of ours. */
export class InternalError extends CodedError<'INTERNAL'> {
  constructor(message: string, cause?: unknown) {
    super('INTERNAL', message, { kind: 'internal', cause })
  }
}

/** Thrown when the run's signal was aborted by the user. */
export class InterruptedError extends CodedError<'INTERRUPTED'> {
  constructor() {
    super('INTERRUPTED', 'interrupted', { kind: 'interrupted' })
  }
}

/** Makes the compiler prove that a `switch` is exhaustive. Throws `InternalError`. */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected value ${JSON.stringify(value)}`)
}

/** The message of anything thrown, without a stack. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ')
  if (error instanceof Error) return error.message
  return String(error)
}

/** The `code` of a Node system error (`ENOENT`…) or of a `CodedError`; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** The exit code that a thrown value maps to. */
export function exitCodeOf(error: unknown): number {
  return error instanceof CodedError ? exitCodes[error.kind as keyof typeof exitCodes] : exitCodes.internal
}
