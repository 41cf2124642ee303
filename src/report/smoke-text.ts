/** `everyarch smoke` for people: a line for each platform, and for what failed its cause, its last lines and what to do. */
import { stripVTControlCharacters } from 'node:util'
import type { PlatformSmoke, ProbeResult, SmokeReport } from '../smoke/index.ts'
import { count, formatDuration } from './quantity.ts'
import { type Styles, styles } from './style.ts'

export interface SmokeTextOptions {
  colour: boolean
}

const shownLines = 10

export function smokeText({ image, platforms, passed }: SmokeReport, { colour }: SmokeTextOptions): string {
  const style = styles(colour)
  const width = Math.max(0, ...platforms.map(({ platform }) => platform.length))
  const blocks = platforms.flatMap((platform) => platformBlock(platform, width, style))
  return `${[...blocks, passed ? `${image}: every platform starts` : verdict(platforms)].join('\n')}\n`
}

function platformBlock(result: PlatformSmoke, width: number, style: Styles): string[] {
  const { platform, outcome, probes, reason } = result
  const name = platform.padEnd(width)
  if (outcome === 'untested') {
    return [`${name} ${style.yellow('? not tested')}`, ...(reason ? causeLines(reason, style) : [])]
  }
  const seen = probes.map(({ summary, outcome }) =>
    outcome === 'passed' ? summary : style.red(`✗ ${summary}`),
  )
  const mark = outcome === 'passed' ? style.green('✓') : style.red('✗')
  const how = [formatDuration(result.milliseconds), result.runner, ...(result.emulated ? ['emulated'] : [])]
  const line = `${name} ${mark} ${seen.join(', ')}  ${style.dim(`(${how.join(', ')})`)}`
  return [line, ...probes.flatMap((probe) => failureLines(probe, style))]
}

function failureLines({ cause, log, addons = [], attempts }: ProbeResult, style: Styles): string[] {
  if (!cause) return []
  const others = addons
    .filter(({ outcome, path }) => outcome === 'failed' && !cause.text.startsWith(path))
    .map(({ path, reason }) => `  ${path}: ${reason ?? ''}`)
  const tried = attempts > 1 ? [`  tried ${attempts} times`] : []
  const lines = log.slice(-shownLines).map((line) => `  ${style.dim('|')} ${printable(line)}`)
  return [...causeLines(cause, style), ...others, ...tried, ...lines]
}

function causeLines({ text, hint }: { text: string; hint: string }, style: Styles): string[] {
  return [`  ${style.bold(text)}`, `  → ${hint}`]
}

function verdict(platforms: readonly PlatformSmoke[]): string {
  const number = (outcome: PlatformSmoke['outcome']) =>
    platforms.filter((platform) => platform.outcome === outcome).length
  const parts = [
    ...(number('failed') > 0 ? [`${count(number('failed'), 'platform')} failed`] : []),
    ...(number('untested') > 0 ? [`${count(number('untested'), 'platform')} could not be tested`] : []),
  ]
  return parts.join(', ') || 'nothing was tested'
}

/** What a container writes must not move the cursor or recolour the terminal. */
function printable(line: string): string {
  return stripVTControlCharacters(line).replaceAll(/\p{Cc}/gu, (control) =>
    control === '\t' ? control : '·',
  )
}
