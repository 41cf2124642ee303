/** A rule: a judgement about a project. Parsers own positions, rules own judgement. One folder per rule. */
import type { Severity, TextEdit, TextRange } from '../base/index.ts'
import type { CheckedProject } from './checked-project.ts'
import type { ProjectFile } from './project-file.ts'

/** An edit of one of the project's files. */
export interface FileEdit extends TextEdit {
  readonly file: string
}

export interface Fix {
  /** what it does, in the imperative: `drop the default` */
  readonly title: string
  /** whether `--fix` may apply it: right in every case, and nothing else changes. Otherwise a person decides */
  readonly automatic: boolean
  readonly edits: readonly FileEdit[]
}

/** What a rule found. */
export interface Discovery {
  readonly file: ProjectFile
  readonly range: TextRange
  /** one sentence: what is wrong, about which object, with which consequence */
  readonly message: string
  /** what to do, when the fix's title does not say it all */
  readonly hint?: string
  readonly platform?: string
  readonly package?: string
  readonly fix?: Fix
}

/** `<area>/<what-is-wrong>` */
export type RuleId = `${RuleArea}/${string}`

export const ruleAreas = [
  'dockerfile',
  'dockerignore',
  'workflow',
  'compose',
  'bake',
  'package',
  'lockfile',
  'deploy',
] as const
export type RuleArea = (typeof ruleAreas)[number]

export interface Rule {
  readonly id: RuleId
  readonly severity: Severity
  /** one line for the index and `everyarch explain`; also the first line of the rule's page */
  readonly summary: string
  readonly check: (project: CheckedProject) => Iterable<Discovery>
}

/** Declares a rule. It must be stateless: it sees the project, it yields what it found. */
export function defineRule(rule: Rule): Rule {
  return rule
}
