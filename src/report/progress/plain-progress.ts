/** Progress for pipes and logs: one line when work ends, and a sign of life for work that takes long. */
import type { Progress } from '../../base/index.ts'
import { formatDuration } from '../quantity.ts'
import { styles } from '../style.ts'
import { finishedLine, runningText, type RunningWork } from './progress-line.ts'
import { RunningSet } from './running.ts'

export interface ProgressSettings {
  write(text: string): void
  colour: boolean
  /** milliseconds from any fixed origin */
  now(): number
  /** show every line that programs print, not only on failure */
  verbose?: boolean
}

/** Work under way is mentioned again after this many milliseconds. */
const reminderInterval = 10_000

export function plainProgress(settings: ProgressSettings): Progress {
  const style = styles(settings.colour)
  const running = new RunningSet()
  const remindedAt = new WeakMap<RunningWork, number>()
  const line = (text: string) => settings.write(`${text}\n`)
  return (event) => {
    const now = settings.now()
    const work = running.apply(event, now)
    if (event.type === 'decision') line(finishedLine(event.topic, event.text, '', style))
    if (event.type === 'warning') line(warningText(event, style.yellow('warning:')))
    if (!work) return
    if (event.type === 'end') {
      line(
        finishedLine(
          work.station,
          event.text,
          event.cached ? 'cached' : formatDuration(now - work.startedAt),
          style,
        ),
      )
    } else if (event.type === 'output' && settings.verbose) {
      line(`${style.dim(`${work.station.padEnd(7)}|`)} ${event.line}`)
    } else if (now - (remindedAt.get(work) ?? work.startedAt) >= reminderInterval) {
      remindedAt.set(work, now)
      line(finishedLine(work.station, `${runningText(work, now)} …`, '', style))
    }
  }
}

/** A warning as text; further lines are indented. */
function warningText(event: { text: string; hint?: string; platform?: string }, label: string): string {
  const head = `${label} ${event.platform ? `${event.platform}: ` : ''}${event.text}`
  return [head, ...(event.hint?.split('\n') ?? []).map((text) => `  ${text}`)].join('\n')
}
