/** A baseline: the findings that an old project had when it began to use `check`. New ones still count. */
import { createHash } from 'node:crypto'
import { compareText } from '../base/index.ts'
import type { CheckFinding, IgnoredFinding } from './check-project.ts'
import { ChecksError } from './checks-error.ts'
import type { ProjectFile } from './project-file.ts'

export interface Baseline {
  readonly version: 1
  /** rule, file and fingerprint of the line, with how often they occur */
  readonly findings: readonly BaselineEntry[]
}

interface BaselineEntry {
  readonly rule: string
  readonly file: string
  /** of the line's text: a finding keeps its place when lines move */
  readonly line: string
  readonly count: number
}

/** The baseline that hides exactly these findings. */
export function toBaseline(
  findings: readonly CheckFinding[],
  texts: ReadonlyMap<string, ProjectFile>,
): Baseline {
  const counts = new Map<string, BaselineEntry>()
  for (const finding of findings) {
    const entry = { rule: finding.rule, file: finding.source.file, line: fingerprint(finding, texts) }
    const key = keyOf(entry)
    counts.set(key, { ...entry, count: (counts.get(key)?.count ?? 0) + 1 })
  }
  return { version: 1, findings: [...counts.values()].sort((a, b) => compareText(keyOf(a), keyOf(b))) }
}

/** Reads a baseline file. Throws `ChecksError` `CHECK_BASELINE_INVALID`. */
export function parseBaseline(text: string, file: string): Baseline {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw invalidBaseline(file, 'it is not JSON', cause)
  }
  if (
    typeof document !== 'object' ||
    document === null ||
    !('version' in document) ||
    !('findings' in document)
  ) {
    throw invalidBaseline(file, 'it has no version and findings')
  }
  if (document.version !== 1) throw invalidBaseline(file, `its version is ${String(document.version)}, not 1`)
  if (!Array.isArray(document.findings) || !document.findings.every(isEntry)) {
    throw invalidBaseline(file, 'its findings are not a list of rule, file, line and count')
  }
  return { version: 1, findings: document.findings }
}

function isEntry(value: unknown): value is BaselineEntry {
  if (typeof value !== 'object' || value === null) return false
  const entry = value as Record<string, unknown>
  return (
    ['rule', 'file', 'line'].every((key) => typeof entry[key] === 'string') &&
    typeof entry['count'] === 'number'
  )
}

function invalidBaseline(file: string, why: string, cause?: unknown): ChecksError {
  return new ChecksError('CHECK_BASELINE_INVALID', `the baseline ${file} cannot be used: ${why}`, {
    kind: 'usage',
    hint: 'write it again with `everyarch check --write-baseline`',
    cause,
  })
}

/** Hides as many findings of a kind as the baseline counts. */
export function baselineFilter(
  baseline: Baseline,
  texts: ReadonlyMap<string, ProjectFile>,
): (finding: CheckFinding) => Omit<IgnoredFinding, 'finding'> | undefined {
  const left = new Map(baseline.findings.map((entry) => [keyOf(entry), entry.count]))
  return (finding) => {
    const key = keyOf({ rule: finding.rule, file: finding.source.file, line: fingerprint(finding, texts) })
    const count = left.get(key) ?? 0
    if (count === 0) return undefined
    left.set(key, count - 1)
    return { by: 'baseline', reason: 'it was there when the baseline was written' }
  }
}

function keyOf(entry: Pick<BaselineEntry, 'rule' | 'file' | 'line'>): string {
  return `${entry.file}\0${entry.rule}\0${entry.line}`
}

function fingerprint({ source }: CheckFinding, texts: ReadonlyMap<string, ProjectFile>): string {
  const line = texts.get(source.file)?.lines.textOf(source.line).trim() ?? ''
  return createHash('sha256').update(line).digest('hex').slice(0, 16)
}
