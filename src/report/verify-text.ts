/** `everyarch verify` for people: what the image is, platform by platform, what is wrong with it, and what it wastes. */
import type { Finding, Severity } from '../base/index.ts'
import type { PlatformSummary, VerifyReport } from '../verify/index.ts'
import { countText } from './findings.ts'
import { count, formatBytes, formatDuration } from './quantity.ts'
import { type Styles, styles } from './style.ts'
import { layerText } from './verify-findings.ts'

export interface VerifyTextOptions {
  colour: boolean
  /** what runs the image, by the deploy manifests that were given */
  usedBy?: readonly string[]
}

export function verifyText(report: VerifyReport, { colour, usedBy }: VerifyTextOptions): string {
  const style = styles(colour)
  const { findings } = report
  const serious = findings.filter(({ severity }) => severity !== 'info')
  const notes = findings.filter(({ severity }) => severity === 'info')
  const blocks = [
    header(report, style),
    ...(usedBy ? [style.dim(`  run by ${usedBy.join(', ')}`)] : []),
    ...serious.map((finding) => findingBlock(finding, style)),
    ...(notes.length > 0 ? [noteTable(notes, style)] : []),
    closing(report, style),
  ]
  return `${blocks.join('\n')}\n`
}

function header(report: VerifyReport, style: Styles): string {
  const rows = report.platforms.map((summary) => platformRow(summary, report.findings))
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row.cells[column]?.length ?? 0)))
  const lines = rows.map(({ cells, bad }) => {
    const [platform = '', bytes = '', ...rest] = cells
    const mark = bad ? style.red('✗') : style.green('✓')
    return `  ${platform.padEnd(widths[0] ?? 0)}  ${bytes.padStart(widths[1] ?? 0)}  ${mark} ${rest.join('')}`
  })
  const shared =
    report.shared.bytes > 0 ? [`${formatBytes(report.shared.bytes)} shared between platforms`] : []
  const attested = report.attestations > 0 ? [count(report.attestations, 'attestation')] : []
  const more = [...shared, ...attested]
  return [
    `${style.bold(report.image)}  ${style.dim(report.digest)}`,
    ...lines,
    ...(more.length > 0 ? [style.dim(`  ${more.join(' · ')}`)] : []),
  ].join('\n')
}

function platformRow(
  { platform, bytes, content }: PlatformSummary,
  findings: readonly Finding[],
): { cells: string[]; bad: boolean } {
  const bad = findings.some((finding) => finding.severity === 'error' && finding.platform === platform)
  const node = content?.node && `Node ${content.node.version ?? 'of an unknown version'}`
  const facts = content && [
    count(content.binaries, 'binary', 'binaries'),
    count(content.addons, 'addon'),
    node,
    content.libc,
  ]
  return {
    cells: [platform, formatBytes(bytes), (facts ?? ['not examined']).filter(Boolean).join(' · ')],
    bad,
  }
}

function findingBlock(finding: Finding, style: Styles): string {
  const paint: Record<Severity, (text: string) => string> = {
    error: style.red,
    warning: style.yellow,
    info: style.cyan,
  }
  const { rule, severity, platform, path, package: owner, message, hint } = finding
  const head = [paint[severity](severity), rule, platform, path].filter(Boolean).join('  ')
  const layer = layerText(finding)
  const advice = hint?.split('\n').map((line, index) => `    ${index === 0 ? '→' : ' '} ${line}`) ?? []
  return [
    head,
    `    ${message}${owner ? ` (${owner})` : ''}`,
    ...(layer ? [style.dim(`    ${layer}`)] : []),
    ...advice,
  ].join('\n')
}

const maxNotes = 12

/** Waste, largest first: one line each. */
function noteTable(notes: readonly Finding[], style: Styles): string {
  const bytesOf = ({ details }: Finding) => (typeof details?.bytes === 'number' ? details.bytes : 0)
  const sorted = [...notes].sort((a, b) => bytesOf(b) - bytesOf(a))
  const width = Math.max(...sorted.slice(0, maxNotes).map((note) => note.rule.length))
  const lines = sorted.slice(0, maxNotes).map((note) => {
    const bytes = formatBytes(bytesOf(note)).padStart(9)
    return `${style.cyan('note')}  ${note.rule.padEnd(width)}  ${bytes}  ${[note.platform, note.path].filter(Boolean).join('  ')}`
  })
  const rest = sorted.slice(maxNotes)
  const bytes = rest.reduce((sum, note) => sum + bytesOf(note), 0)
  if (rest.length > 0)
    lines.push(
      style.dim(
        `      and ${count(rest.length, 'smaller note')} (${formatBytes(bytes)}); --json has them all`,
      ),
    )
  return lines.join('\n')
}

function closing({ findings, counts, ignored, milliseconds }: VerifyReport, style: Styles): string {
  const unused = ignored.filter(({ uses }) => uses === 0)
  const lines = unused.map(
    ({ rule, path }) =>
      `${style.yellow('warning')}  the ignored ${rule}${path ? ` at ${path}` : ''} was not found: the entry can go`,
  )
  const rules = [...new Set(findings.filter(({ severity }) => severity === 'error').map(({ rule }) => rule))]
  const explain = rules[0] ? `; everyarch explain ${rules[0]} says more` : ''
  const hidden = counts.ignored > 0 ? `, ${counts.ignored} ignored` : ''
  lines.push(`${countText(findings) || 'no findings'}${hidden} in ${formatDuration(milliseconds)}${explain}`)
  return lines.join('\n')
}
