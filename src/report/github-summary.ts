/** Reports as Markdown for the summary page of a GitHub workflow run: a table of platforms, then what was found. */
import type { Finding } from '../base/index.ts'
import type { ChecklistLine } from '../checks/index.ts'
import type { ImageReport } from '../pipeline/index.ts'
import type { SmokeReport } from '../smoke/index.ts'
import type { VerifyReport } from '../verify/index.ts'
import { countText } from './findings.ts'
import { count, formatBytes, formatDuration } from './quantity.ts'
import { placedMessage } from './verify-findings.ts'

/** More findings than this are in the report; a table of thousands helps nobody. */
const maxFindings = 100

/** What was built or merged and where it is now; or, when the gate stayed closed, why. */
export function imageSummary(command: string, report: ImageReport): string {
  const names = [
    ...report.published.map(({ reference }) => code(reference)),
    ...report.stored.map((repository) => `${code(repository)} by digest, no tag moved`),
    ...report.outputs.map(code),
  ]
  const urgent = report.findings.filter(({ severity }) => severity !== 'info')
  const outcome = (platform: string) =>
    report.tested.includes(platform) ? '✓ passed' : report.untested.includes(platform) ? 'not tested' : ''
  const title = report.proved ? '' : ': gate closed, nothing was tagged'
  return section(`everyarch ${command}${title}`, [
    names.map((name) => `- ${name}`).join('\n'),
    `Digest ${code(report.digest)}`,
    table(
      ['platform', 'digest', 'size', 'shared by all platforms', 'smoke test'],
      report.platforms.map(({ platform, digest, size, shared }) => [
        code(platform),
        code(digest),
        formatBytes(size),
        formatBytes(shared),
        outcome(platform),
      ]),
    ),
    report.times.map(({ station, milliseconds }) => `${station} ${formatDuration(milliseconds)}`).join(' · '),
    findingTable(urgent.map((finding) => ({ ...finding, place: finding.path }))),
  ])
}

/** What each platform of each image was found to be. */
export function verifySummary(reports: readonly VerifyReport[]): string {
  return reports
    .map((report) =>
      section(`everyarch verify: ${report.counts.errors > 0 ? 'not sound' : 'sound'}`, [
        `${code(report.image)} ${code(report.digest)}`,
        table(
          ['platform', 'digest', 'size', 'binaries', 'addons'],
          report.platforms.map(({ platform, digest, bytes, content }) => [
            code(platform),
            code(digest),
            formatBytes(bytes),
            String(content?.binaries ?? ''),
            String(content?.addons ?? ''),
          ]),
        ),
        findingTable(
          report.findings
            .filter(({ severity }) => severity !== 'info')
            .map((finding) => ({ ...finding, message: placedMessage(finding, report.image) })),
        ),
      ]),
    )
    .join('\n')
}

/** How each platform's image ran. */
export function smokeSummary(report: SmokeReport): string {
  const outcomes = { passed: '✓ passed', failed: '✗ failed', untested: '? not tested' } as const
  const rows = report.platforms.map(({ platform, outcome, probes, reason, runner, emulated }) => [
    code(platform),
    outcomes[outcome],
    probes.map(({ summary }) => escaped(summary)).join(', '),
    escaped([runner, ...(emulated ? ['emulated'] : [])].filter(Boolean).join(', ')),
    escaped(reason?.text ?? probes.flatMap(({ cause }) => (cause ? [cause.text] : [])).join('; ')),
  ])
  return section(`everyarch smoke: ${report.passed ? 'every platform starts' : 'failed'}`, [
    code(report.image),
    table(['platform', 'outcome', 'seen', 'how', 'cause'], rows),
  ])
}

/** What `check` found in the project's files. */
export function checkSummary({ findings, files }: { findings: readonly Finding[]; files: number }): string {
  const total = findings.length === 0 ? 'no findings' : countText(findings)
  const placed = findings.map((finding) => ({
    ...finding,
    place: finding.source && `${finding.source.file}:${finding.source.line}`,
  }))
  return section(`everyarch check: ${total}`, [`${count(files, 'file')} read`, findingTable(placed)])
}

/** The points of the checklist before a deploy. */
export function checklistSummary(image: string, lines: readonly ChecklistLine[]): string {
  const rows = lines.map(({ state, title, evidence }) => [
    state,
    escaped(title),
    evidence.map(escaped).join('<br>'),
  ])
  return section('everyarch check: before the deploy', [
    code(image),
    table(['state', 'point', 'evidence'], rows),
  ])
}

/** A command that did not come to a result. */
export function failureSummary(command: string, failure: { message: string; hint?: string }): string {
  return section(`everyarch ${command}: failed`, [escaped(failure.message), escaped(failure.hint ?? '')])
}

function section(title: string, parts: readonly string[]): string {
  return `### ${escaped(title)}\n\n${parts.filter(Boolean).join('\n\n')}\n\n`
}

function findingTable(findings: readonly (Finding & { place?: string | undefined })[]): string {
  if (findings.length === 0) return ''
  const rows = findings
    .slice(0, maxFindings)
    .map(({ severity, rule, platform, place, message, package: owner }) => [
      severity,
      code(rule),
      platform ? code(platform) : '',
      place ? code(place) : '',
      escaped(owner ? `${message} (${owner})` : message),
    ])
  const more =
    findings.length > maxFindings ? `\n\n… and ${findings.length - maxFindings} more in the report` : ''
  return table(['severity', 'rule', 'platform', 'place', 'what is wrong'], rows) + more
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Text from outside as text: not as Markdown, HTML, or the end of a cell. */
function escaped(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>|~#]/gu, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll(/\s*\n\s*/gu, '<br>')
}

function code(text: string): string {
  return `<code>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '&#124;').replaceAll(/\s+/gu, ' ')}</code>`
}
