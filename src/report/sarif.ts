/**
 * Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with what GitHub's code scanning asks for beyond it:
 * a place for each result, a help text for each rule, and fingerprints for files that are in no repository.
 */
import type { Finding, Severity } from '../base/index.ts'
import { digestOf } from '../oci/index.ts'

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

export interface SarifRule {
  id: string
  /** one sentence */
  summary: string
  /** the rule's page, as Markdown */
  page: string
  severity: Severity
}

export interface SarifRun {
  /** of everyarch */
  version: string
  /** the command that found it: uploads of different commands do not replace one another */
  command: string
  rules: readonly SarifRule[]
}

/** A finding with a place: in a project file, or else a path. */
export type PlacedFinding = Finding & ({ source: NonNullable<Finding['source']> } | { path: string })

/** The log as text. Of the rules only those are in it that have findings. */
export function sarifText(findings: readonly PlacedFinding[], { version, command, rules }: SarifRun): string {
  const found = new Set(findings.map(({ rule }) => rule))
  const used = rules.filter(({ id }) => found.has(id))
  const indexes = new Map(used.map(({ id }, index) => [id, index]))
  const driver = {
    name: 'everyarch',
    fullName: `everyarch ${version}`,
    semanticVersion: version,
    rules: used.map(descriptorOf),
  }
  const run = {
    tool: { driver },
    automationDetails: { id: `everyarch/${command}/` },
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => resultOf(finding, indexes.get(finding.rule))),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${JSON.stringify(log, null, 2)}\n`
}

function descriptorOf({ id, summary, page, severity }: SarifRule): object {
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: summary },
    fullDescription: { text: summary },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: levels[severity] },
  }
}

/** `ImageWrongArchitecture` of `image/wrong-architecture`. */
function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|\W)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function resultOf(finding: PlacedFinding, ruleIndex: number | undefined): object {
  const { rule, severity, message, hint } = finding
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[severity],
    message: { text: hint ? `${message}\n${hint}` : message },
    locations: [{ physicalLocation: locationOf(finding) }],
    // Without one, code scanning takes it from the lines of the file, and those of an image it cannot read.
    ...(finding.source ? {} : { partialFingerprints: { primaryLocationLineHash: fingerprintOf(finding) } }),
  }
}

function locationOf({ source, path = '' }: Finding): object {
  if (source === undefined) {
    return { artifactLocation: { uri: uriOf(path) }, region: { startLine: 1, endLine: 1 } }
  }
  const { file, line, column, endLine, endColumn } = source
  const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn }
  return {
    artifactLocation: { uri: uriOf(file) },
    region: { startLine: line, startColumn: column, ...end },
  }
}

/** The same finding keeps it when the image is built again: neither versions nor layers are part of it. */
function fingerprintOf({ rule, platform = '', path = '' }: Finding): string {
  return digestOf([rule, platform, path].join('\0')).slice('sha256:'.length)
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
