/** Findings as people read them: platform and rule, the file, what is wrong with it, and what to do. */
import { type Finding, type Severity, sortFindings } from '../base/index.ts'
import { count } from './quantity.ts'
import { type Styles, styles } from './style.ts'

/** All findings, worst first, and how many there are. */
export function findingsText(findings: readonly Finding[], { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const texts = sortFindings(findings).map((finding) => findingText(finding, style))
  return `${[...texts, countText(findings)].join('\n')}\n`
}

function findingText(finding: Finding, style: Styles): string {
  const paint: Record<Severity, (text: string) => string> = {
    error: style.red,
    warning: style.yellow,
    info: style.cyan,
  }
  const place = finding.source
    ? `${finding.source.file}:${finding.source.line}:${finding.source.column}`
    : finding.path
  const head = [paint[finding.severity](finding.severity), finding.rule, finding.platform, place]
    .filter(Boolean)
    .join('  ')
  const owner = finding.package ? ` (${finding.package})` : ''
  const hint = finding.hint?.split('\n').map((line, index) => `    ${index === 0 ? '→' : ' '} ${line}`) ?? []
  return [head, `    ${finding.message}${owner}`, ...hint].join('\n')
}

/** `1 error, 2 warnings`. */
export function countText(findings: readonly Finding[]): string {
  const number = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length
  const parts = [
    number('error') > 0 ? count(number('error'), 'error') : '',
    number('warning') > 0 ? count(number('warning'), 'warning') : '',
    number('info') > 0 ? count(number('info'), 'note') : '',
  ]
  return parts.filter(Boolean).join(', ')
}
