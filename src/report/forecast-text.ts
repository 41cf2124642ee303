/** What a build of a Dockerfile would do, for people: platform by platform, with the number that matters first. */
import type { Forecast, PlatformForecast, StageForecast, StepForecast } from '../forecast/index.ts'
import type { Change, OptimizedDockerfile } from '../optimize/index.ts'
import { count } from './quantity.ts'
import { type Styles, styles } from './style.ts'

export interface ForecastTextInput {
  readonly forecast: Forecast
  /** the same for the optimized file */
  readonly optimizedForecast: Forecast
  readonly optimized: OptimizedDockerfile
}

export function forecastText(input: ForecastTextInput, { colour }: { colour: boolean }): string {
  const style = styles(colour)
  const { forecast, optimizedForecast } = input
  const blocks = [
    builderLines(forecast),
    ...forecast.platforms.map((platform, index) =>
      platformLines(platform, optimizedForecast.platforms[index], input, style),
    ),
  ]
  if (forecast.unused.length > 0)
    blocks.push([`not needed: ${forecast.unused.map((name) => `stage ${name}`).join(', ')}`])
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** What stands behind the rest: the nodes, their CPUs and what they have emulators for. */
function builderLines({ builder, nodes }: Forecast): string[] {
  const described = nodes.map(({ name, native, emulated, assigned, error }) => {
    const parts = [
      native ?? 'of an unknown CPU',
      emulated.length > 0 ? `emulates ${emulated.join(', ')}` : 'no emulators',
      assigned.length > 0 ? `gets ${assigned.join(', ')}` : '',
    ]
    return [name, error ? `cannot be used: ${error}` : parts.filter(Boolean).join('; ')]
  })
  if (described.length === 1) return [`${builder}: ${described[0]?.[1] ?? ''}`]
  return [
    `${builder}, ${count(nodes.length, 'node')}`,
    ...described.map(([name, text]) => `  ${name}  ${text}`),
  ]
}

function platformLines(
  platform: PlatformForecast,
  after: PlatformForecast | undefined,
  { forecast, optimized }: ForecastTextInput,
  style: Styles,
): string[] {
  const where = forecast.nodes.length > 1 && platform.node ? `${platform.node} of ` : ''
  const lines = [
    `${style.bold(platform.platform)} on ${where}${forecast.builder}: ${headline(platform, after)}`,
  ]
  for (const { source, message } of platform.problems)
    lines.push(`  ${style.red('✗')} ${source.file}:${source.line}  ${message}`)
  const rows = platform.stages.flatMap((stage) => stage.steps.map((step) => rowOf(stage, step, optimized)))
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => row.cells[column]?.length ?? 0)),
  )
  for (const { cells, change, emulated } of rows) {
    const text = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
    lines.push(
      `  ${emulated ? style.yellow(text) : text}${change === '' ? '' : style.dim(`  → ${change}`)}`.trimEnd(),
    )
  }
  lines.push(...crossings(platform).map((text) => style.dim(`  ${text}`)))
  return lines
}

function headline(platform: PlatformForecast, after: PlatformForecast | undefined): string {
  if (platform.node === undefined) return 'no node of it builds this platform'
  const { runs, emulatedRuns, criticalPath, estimatedSeconds } = platform
  if (emulatedRuns === 0) return `${count(runs, 'RUN step')}, none of them emulated`
  const now = `${emulatedRuns} of ${count(runs, 'RUN step')} would be emulated, ${criticalPath.length} of them one after another (about ${estimatedSeconds} s, an estimate)`
  const left = after?.criticalPath.length ?? criticalPath.length
  return left < criticalPath.length || (after?.emulatedRuns ?? emulatedRuns) < emulatedRuns
    ? `${now}; ${left} after everyarch optimize`
    : now
}

interface Row {
  cells: string[]
  change: string
  emulated: boolean
}

function rowOf(
  { stage, execution }: StageForecast,
  step: StepForecast,
  { changes, kept }: OptimizedDockerfile,
): Row {
  const { line, file } = step.source
  const change = changes.find(({ source }) => source.line === line)
  const stays = kept.find(({ source }) => source.line === line)
  const how =
    execution === 'emulated'
      ? `emulated${step.expensive ? `, about ${step.estimatedSeconds} s` : ''}`
      : execution
  return {
    cells: [`${file}:${line}`, stage, step.text, how],
    change: step.emulated ? changeText(change, stays) : '',
    emulated: step.emulated,
  }
}

/** A step of a stage that moves as a whole has no change of its own. */
function changeText(change: Change | undefined, stays: { why: string } | undefined): string {
  if (stays) return `stays: ${stays.why}`
  switch (change?.rule) {
    case 'cross-install':
      return 'cross-install, native'
    case 'scoped-rebuild':
      return change.what
    case 'native-packages':
      return 'fetched natively'
    default:
      return '$BUILDPLATFORM (output has no binaries)'
  }
}

/** What one platform takes from stages of another. */
function crossings({ stages }: PlatformForecast): string[] {
  return stages.flatMap(({ stage, platform, needs }) =>
    needs
      .filter((need) => need.platform !== undefined && need.platform !== platform)
      .map(({ from, platform: other }) => {
        const shared = stages.find((each) => each.stage === from)?.shared
          ? ', made once for all platforms'
          : ''
        return `stage ${stage} takes files from stage ${from}, which runs on ${other}${shared}`
      }),
  )
}
