/** Runs the rules over a set of files. Pure: the caller reads the files and writes what a fix changes. */

import { minimatch } from 'minimatch'
import {
  applyEdits,
  areIndependent,
  compareText,
  type Finding,
  InternalError,
  type SourceRange,
  type TextEdit,
} from '../base/index.ts'
import { type Baseline, baselineFilter } from './baseline.ts'
import { type CheckedProject, readProject } from './checked-project.ts'
import { fileKindOf } from './file-kind.ts'
import { ignoreComments } from './ignore-comment.ts'
import type { Discovery, Fix, Rule } from './rule.ts'
import { rules as allRules } from './rules/index.ts'

/** Larger files are not read: no one writes them by hand. */
export const maxFileLength = 10 * 1024 * 1024

export interface CheckOptions {
  /** the platforms that the project is for, as `os/architecture[/variant]`; amd64 and arm64 when it does not say */
  readonly platforms?: readonly string[]
  /** findings that the project's configuration ignores */
  readonly ignore?: readonly ConfiguredIgnore[]
  readonly baseline?: Baseline
  /** the platforms that base images offer, by reference as the Dockerfile writes it: see `baseReferences` */
  readonly basePlatforms?: ReadonlyMap<string, readonly string[]>
  /** look at all files, but speak of this one only */
  readonly only?: string
}

export interface ConfiguredIgnore {
  readonly rule: string
  /** a glob over the project's files; every file without it */
  readonly path?: string
  readonly reason: string
}

export interface CheckFinding extends Finding {
  source: SourceRange
  fix?: Fix
}

export interface IgnoredFinding {
  readonly finding: CheckFinding
  readonly by: 'comment' | 'configuration' | 'baseline'
  readonly reason: string
}

export interface CheckReport {
  /** by file and position */
  readonly findings: readonly CheckFinding[]
  readonly ignored: readonly IgnoredFinding[]
  /** files that were not looked at, and why */
  readonly skipped: readonly { file: string; reason: string }[]
  /** how many files were looked at */
  readonly files: number
}

/** Checks files, given by their path (relative, with `/`) and text. */
export function checkFiles(
  texts: ReadonlyMap<string, string>,
  options: CheckOptions = {},
  rules: readonly Rule[] = allRules,
): CheckReport {
  const relevant = [...texts].filter(([path]) => fileKindOf(path) !== undefined)
  const readable = relevant.filter(([, text]) => text.length <= maxFileLength && !isBinary(text))
  const project = readProject(new Map(readable), options)
  const found = rules.flatMap((rule) =>
    [...rule.check(project)].map((discovery) => toFinding(rule, discovery)),
  )
  const findings: CheckFinding[] = []
  const ignored: IgnoredFinding[] = []
  const inComments = ignoreComments(project)
  const inBaseline = options.baseline ? baselineFilter(options.baseline, project.files) : () => undefined
  for (const finding of withoutDoubles(found).sort(byPlace)) {
    if (options.only !== undefined && finding.source.file !== options.only) continue
    const hidden = inComments(finding) ?? configured(finding, options.ignore ?? []) ?? inBaseline(finding)
    if (hidden) ignored.push({ finding, ...hidden })
    else findings.push(finding)
  }
  return { findings, ignored, skipped: skippedFiles(relevant, project), files: readable.length }
}

/** The base images of the files' Dockerfiles, for asking registries which platforms they offer. */
export function baseReferences(texts: ReadonlyMap<string, string>, options: CheckOptions = {}): string[] {
  const { dockerfiles } = readProject(texts, options)
  const stages = dockerfiles.flatMap(({ platforms, graphFor }) =>
    platforms.flatMap((platform) => graphFor(platform).stages.filter(({ reachable }) => reachable)),
  )
  return [...new Set(stages.flatMap(({ base }) => (base.kind === 'image' ? [base.reference] : [])))].sort(
    compareText,
  )
}

function toFinding(
  rule: Rule,
  { file, range, message, hint, platform, package: owner, fix }: Discovery,
): CheckFinding {
  return {
    rule: rule.id,
    severity: rule.severity,
    message,
    source: file.lines.source(file.path, range),
    ...(hint === undefined ? {} : { hint }),
    ...(platform === undefined ? {} : { platform }),
    ...(owner === undefined ? {} : { package: owner }),
    ...(fix === undefined ? {} : { fix }),
  }
}

/** A step of a matrix job is seen once for each row: what one rule says of one place is one finding. */
function withoutDoubles(findings: readonly CheckFinding[]): CheckFinding[] {
  const seen = new Map<string, CheckFinding>()
  for (const finding of findings) {
    const { file, line, column } = finding.source
    const key = [finding.rule, file, line, column, finding.platform, finding.package].join('\0')
    if (!seen.has(key)) seen.set(key, finding)
  }
  return [...seen.values()]
}

function byPlace(a: CheckFinding, b: CheckFinding): number {
  return (
    compareText(a.source.file, b.source.file) ||
    a.source.line - b.source.line ||
    a.source.column - b.source.column ||
    compareText(a.rule, b.rule)
  )
}

function configured(
  { rule, source }: CheckFinding,
  ignores: readonly ConfiguredIgnore[],
): Omit<IgnoredFinding, 'finding'> | undefined {
  const match = ignores.find(
    (ignore) =>
      ignore.rule === rule &&
      (ignore.path === undefined || minimatch(source.file, ignore.path, { dot: true })),
  )
  return match && { by: 'configuration', reason: match.reason }
}

/** UTF-16, or no text at all: every reader would complain about something else. */
function isBinary(text: string): boolean {
  return text.includes('\0')
}

function skippedFiles(
  relevant: readonly [string, string][],
  project: CheckedProject,
): CheckReport['skipped'] {
  const large = relevant
    .filter(([, text]) => text.length > maxFileLength)
    .map(([file]) => ({ file, reason: `larger than ${maxFileLength / 1024 / 1024} MiB` }))
  const binary = relevant
    .filter(([, text]) => text.length <= maxFileLength && isBinary(text))
    .map(([file]) => ({ file, reason: 'not text in UTF-8: it contains NUL' }))
  const templated = [...project.workflows, ...project.composes, ...project.gitlab, ...project.manifests]
    .filter(({ yaml }) => yaml.templated)
    .map(({ file }) => ({ file: file.path, reason: 'a template: it is not YAML before it is rendered' }))
  return [...large, ...binary, ...templated].sort((a, b) => compareText(a.file, b.file))
}

export interface FixReport {
  /** the files that change, with their new text */
  readonly changed: ReadonlyMap<string, string>
  /** how many findings the fixes made vanish */
  readonly fixed: number
  /** what is left */
  readonly report: CheckReport
}

/** A fix may uncover another; more rounds than this would be rules that undo each other. */
const maxRounds = 10

/** Applies every automatic fix until none is left. Edits that touch the same characters wait for the next round. */
export function fixFiles(
  texts: ReadonlyMap<string, string>,
  options: CheckOptions = {},
  rules: readonly Rule[] = allRules,
): FixReport {
  const current = new Map(texts)
  let fixed = 0
  for (let round = 0; round < maxRounds; round++) {
    const report = checkFiles(current, options, rules)
    const { edits, count } = independentEdits(report.findings)
    if (count === 0) {
      const changed = new Map([...current].filter(([path, text]) => texts.get(path) !== text))
      return { changed, fixed, report }
    }
    fixed += count
    for (const [file, list] of edits) current.set(file, applyEdits(current.get(file) ?? '', list))
  }
  throw new InternalError('fixes do not come to an end: two rules undo each other')
}

function independentEdits(findings: readonly CheckFinding[]): {
  edits: Map<string, TextEdit[]>
  count: number
} {
  const edits = new Map<string, TextEdit[]>()
  let count = 0
  for (const { fix } of findings) {
    if (!fix?.automatic) continue
    const fits = fix.edits.every((edit) => {
      const others = edits.get(edit.file) ?? []
      return others.some((other) => sameEdit(other, edit)) || areIndependent([...others, edit])
    })
    if (!fits) continue
    count++
    for (const { file, start, end, text } of fix.edits) {
      const others = edits.get(file) ?? []
      if (!others.some((other) => sameEdit(other, { start, end, text }))) others.push({ start, end, text })
      edits.set(file, others)
    }
  }
  return { edits, count }
}

function sameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text
}
