/** Findings as SARIF 2.1.0, for code scanning. https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import type { Finding, Severity } from '../base/index.ts'

const levels: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

export interface SarifTool {
  name: string
  version: string
  /** rules that may have findings, with one sentence each */
  rules: readonly { id: string; summary: string; severity: Severity }[]
}

/** The log as text. Findings without a place have no location. */
export function sarifText(findings: readonly Finding[], tool: SarifTool): string {
  const used = tool.rules.filter(({ id }) => findings.some(({ rule }) => rule === id))
  const driver = {
    name: tool.name,
    semanticVersion: tool.version,
    rules: used.map(({ id, summary, severity }) => ({
      id,
      shortDescription: { text: summary },
      defaultConfiguration: { level: levels[severity] },
    })),
  }
  const results = findings.map((finding) => {
    const ruleIndex = used.findIndex(({ id }) => id === finding.rule)
    return {
      ruleId: finding.rule,
      ...(ruleIndex === -1 ? {} : { ruleIndex }),
      level: levels[finding.severity],
      message: { text: finding.hint ? `${finding.message}\n${finding.hint}` : finding.message },
      ...locationsOf(finding),
    }
  })
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

/** A place in a project file, else a file of an image, by its path there. */
function locationsOf({ source, path }: Finding): { locations?: unknown[] } {
  if (source) return { locations: [locationOf(source)] }
  return path === undefined
    ? {}
    : { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }] }
}

function uriOf(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function locationOf({ file, line, column, endLine, endColumn }: NonNullable<Finding['source']>): unknown {
  const end = endLine === undefined || endColumn === undefined ? {} : { endLine, endColumn }
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      region: { startLine: line, startColumn: column, ...end },
    },
  }
}
