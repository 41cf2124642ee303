/**
 * Findings: what `verify`, `smoke`, `check` and the planner have to say about the user's work. A finding is a value:
 * it is collected, counted, ignored by configuration, rendered as text, JSON, SARIF or annotations. It is never thrown.
 */

export type Severity = 'error' | 'warning' | 'info'

/** A place in a text file of the project. Lines and columns count from 1; columns count UTF-16 units. */
export interface SourceRange {
  file: string
  line: number
  column: number
  endLine?: number
  endColumn?: number
}

export interface Finding {
  /** `area/what-is-wrong`, such as `image/wrong-architecture`: stable, suppressible, the documentation page's name */
  rule: string
  severity: Severity
  /** one sentence: what is wrong with which object */
  message: string
  /** what to do about it, one or more lines */
  hint?: string
  /** the platform it is about, as `os/arch[/variant]`; absent when it is about all of them */
  platform?: string
  /** the path inside the image, without a leading slash; absent when it is not about a file of an image */
  path?: string
  /** the npm package that owns it, as `name@version` */
  package?: string
  /** the place in a project file */
  source?: SourceRange
  /** JSON-safe facts: expected, found, layer, bytes, … */
  details?: Record<string, unknown>
}

/** Errors first, then warnings, then information; within one severity by platform, path and rule. Returns a new array. */
export function sortFindings<F extends Finding>(findings: readonly F[]): F[] {
  const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 }
  const text = (finding: Finding) => `${finding.platform ?? ''}\0${finding.path ?? ''}\0${finding.rule}`
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity] || compareText(text(a), text(b)))
}

/** Orders text by UTF-16 code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
