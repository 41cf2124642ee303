/** `everyarch check` for people: each finding with the line it is about, the place underlined, and the fix. */
import { type Finding, type Severity, TextLines } from '../base/index.ts'
import { countText } from './findings.ts'
import { count } from './quantity.ts'
import { type Styles, styles } from './style.ts'

export interface CheckedFinding extends Finding {
  fix?: { title: string; automatic: boolean }
}

/** What there is to show: the report of `checks`, and the text of the files it speaks of. */
export interface CheckTextInput {
  readonly findings: readonly CheckedFinding[]
  readonly ignored: readonly unknown[]
  readonly skipped: readonly { file: string; reason: string }[]
  readonly files: number
  readonly texts: ReadonlyMap<string, string>
  /** how many findings `--fix` made vanish, and in which files */
  readonly fixed?: { findings: number; files: readonly string[] }
}

export interface CheckTextOptions {
  colour: boolean
  /** columns of the terminal: source lines are cut to it */
  columns: number
}

export function checkText(input: CheckTextInput, { colour, columns }: CheckTextOptions): string {
  const style = styles(colour)
  const lines = new Map<string, TextLines>()
  const linesOf = (file: string) => {
    const known = lines.get(file) ?? new TextLines(input.texts.get(file) ?? '')
    lines.set(file, known)
    return known
  }
  const blocks = input.findings.map((finding) => findingBlock(finding, linesOf, columns, style))
  const skipped = input.skipped.map(({ file, reason }) => style.dim(`${file} was skipped: ${reason}`))
  return `${[...blocks, ...skipped, summary(input)].join('\n')}\n`
}

function findingBlock(
  finding: CheckedFinding,
  linesOf: (file: string) => TextLines,
  columns: number,
  style: Styles,
): string {
  const paint: Record<Severity, (text: string) => string> = {
    error: style.red,
    warning: style.yellow,
    info: style.cyan,
  }
  const severity = finding.severity === 'info' ? 'note' : finding.severity
  const { source } = finding
  const place = source ? `${source.file}:${source.line}:${source.column}` : ''
  const head = `${style.bold(place)}  ${paint[finding.severity](severity)}  ${finding.rule}`
  const excerpt = source
    ? excerptOf(finding, linesOf(source.file), columns, paint[finding.severity], style)
    : []
  const message = excerpt.length > 0 ? [] : [`   ${finding.message}`]
  return [head, ...excerpt, ...message, ...adviceOf(finding)].join('\n')
}

/** The source line and, below it, the marks with the message. */
function excerptOf(
  { source, message }: CheckedFinding,
  lines: TextLines,
  columns: number,
  paint: (text: string) => string,
  style: Styles,
): string[] {
  if (!source) return []
  const text = lines.textOf(source.line)
  if (text.trim() === '') return []
  const number = String(source.line)
  const gutter = ' '.repeat(number.length + 3)
  const endsHere = source.endLine === undefined || source.endLine === source.line
  const end = endsHere ? (source.endColumn ?? source.column + 1) - 1 : text.length
  const start = source.column - 1
  const window = visiblePart(text, start, Math.max(40, columns - gutter.length - 3))
  const from = start - window.start
  const length = Math.max(1, Math.min(end, window.start + window.text.length) - start)
  // Tabs stay tabs below the line, so that the marks stand where the text stands.
  const padding = window.text.slice(0, from).replaceAll(/[^\t]/g, ' ')
  return [
    `   ${style.dim(`${number} |`)} ${printable(window.text)}`,
    `${gutter} ${style.dim('|')} ${padding}${paint('^'.repeat(length))} ${message}`,
  ]
}

/** What a file holds must not move the cursor or recolour the terminal. Every character keeps its place. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) => (control === '\t' ? control : '·'))
}

/** The part of a long line that shows the place, with a few characters before it. */
function visiblePart(text: string, start: number, width: number): { text: string; start: number } {
  if (text.length <= width) return { text, start: 0 }
  const first = Math.max(0, Math.min(start - 20, text.length - width))
  return { text: text.slice(first, first + width), start: first }
}

function adviceOf({ hint, fix }: CheckedFinding): string[] {
  const lines: string[] = []
  if (hint)
    lines.push(...hint.split('\n').map((line, index) => `   ${index === 0 ? 'hint:' : '     '} ${line}`))
  if (fix) lines.push(`   fix: ${fix.title}${fix.automatic ? '  (--fix)' : ''}`)
  return lines
}

function summary({ findings, files, ignored, fixed }: CheckTextInput): string {
  const lines: string[] = []
  if (fixed && fixed.files.length > 0) {
    lines.push(`fixed ${count(fixed.findings, 'finding')} in ${fixed.files.join(', ')}`)
  }
  const hidden = ignored.length > 0 ? `, ${ignored.length} ignored` : ''
  if (findings.length === 0) return [...lines, `no findings in ${count(files, 'file')}${hidden}`].join('\n')
  const places = new Set(findings.map(({ source }) => source?.file)).size
  const fixable = findings.filter(({ fix }) => fix?.automatic).length
  const advice = fixable > 0 ? `; ${fixable} can be fixed with --fix` : ''
  lines.push(`${countText(findings)} in ${count(places, 'file')} of ${files}${hidden}${advice}`)
  return lines.join('\n')
}
