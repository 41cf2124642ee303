/** Findings as workflow commands: GitHub shows them at their lines. https://docs.github.com/actions (workflow commands) */
import type { Finding, Severity } from '../base/index.ts'

const commands: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' }

export function githubAnnotations(findings: readonly Finding[]): string {
  return findings.map(annotation).join('')
}

/** One workflow command, on a line of its own. */
export function workflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  return `::${name}${list.length > 0 ? ` ${list.join(',')}` : ''}::${escapeData(message)}\n`
}

function annotation({ rule, severity, message, hint, source }: Finding): string {
  const properties = {
    ...(source ? { file: source.file, line: source.line, col: source.column } : {}),
    ...(source?.endLine === undefined ? {} : { endLine: source.endLine, endColumn: source.endColumn }),
    title: rule,
  }
  return workflowCommand(commands[severity], properties, hint ? `${message}\n${hint}` : message)
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
