/** The last lines of a build: what exists now, where, and what to do next. */
import type { ImageReport, PlatformReport } from '../pipeline/index.ts'
import { formatBytes, formatDuration } from './quantity.ts'
import { styles } from './style.ts'

export interface BuildTextOptions {
  colour: boolean
  /** milliseconds since the program started */
  elapsed: number
}

export function buildText(report: ImageReport, { colour, elapsed }: BuildTextOptions): string {
  const style = styles(colour)
  const names = [
    ...report.published.map(({ reference }) => reference),
    ...report.stored.map((repository) => `${repository} (by digest, no tag moved)`),
    ...report.outputs,
  ]
  const title = names.length > 0 ? names : ['image (not published: give --output, or --tag with --push)']
  const lines = [
    ...title.map((name, index) => `${style.bold(name)}${index === 0 ? `  ${report.digest}` : ''}`),
    ...platformLines(report.platforms),
    ...(report.untested.length > 0
      ? [style.yellow(`  not tested, by your leave: ${report.untested.join(', ')}`)]
      : []),
    `done in ${formatDuration(elapsed)}${timeText(report)}`,
  ]
  return `${lines.join('\n')}\n`
}

/** What is said when the gate stayed closed. */
export function closedGateText(report: ImageReport, { colour }: Pick<BuildTextOptions, 'colour'>): string {
  const errors = report.findings.filter((finding) => finding.severity === 'error').length
  return `${styles(colour).red('gate closed:')} nothing was tagged. ${errors} ${errors === 1 ? 'error' : 'errors'} (exit 1)\n`
}

function platformLines(platforms: readonly PlatformReport[]): string[] {
  const width = Math.max(...platforms.map(({ platform }) => platform.length))
  const sizes = platforms.map(({ size }) => formatBytes(size))
  const sizeWidth = Math.max(...sizes.map((size) => size.length))
  const shared = platforms[0]?.shared ?? 0
  return platforms.map(({ platform, digest }, index) => {
    const note =
      index === platforms.length - 1 && shared > 0 ? `  ${formatBytes(shared)} shared by all platforms` : ''
    return `  ${platform.padEnd(width)}  ${(sizes[index] as string).padStart(sizeWidth)}  ${digest}${note}`
  })
}

function timeText({ times }: ImageReport): string {
  const notable = times.filter(({ milliseconds }) => milliseconds >= 100)
  if (notable.length === 0) return ''
  return `   (${notable.map(({ station, milliseconds }) => `${station} ${formatDuration(milliseconds)}`).join(' · ')})`
}
