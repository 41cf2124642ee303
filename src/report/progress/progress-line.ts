/** One station of the road as one line of text: `station  what, with numbers                              1.8 s`. */
import type { Station } from '../../base/index.ts'
import { formatBytes, formatDuration } from '../quantity.ts'
import type { Styles } from '../style.ts'

const stationColumn = 9
const durationColumn = 84

/** A finished line; the duration is right-aligned in a column of its own when the text leaves room for it. */
export function finishedLine(station: string, text: string, duration: string, style: Styles): string {
  const head = station.padEnd(stationColumn)
  const room = Math.max(2, durationColumn - stationColumn - text.length - duration.length)
  return `${style.bold(head)}${text}${duration === '' ? '' : `${' '.repeat(room)}${style.dim(duration)}`}`
}

export interface RunningWork {
  station: Station
  text: string
  platform: string | undefined
  startedAt: number
  done: number
  total: number | undefined
  unit: 'bytes' | 'items' | undefined
  /** the last line that a program we run has printed */
  lastOutput: string | undefined
}

/** Work under way: amounts, and the time left once it can be told from the pace so far. */
export function runningText(work: RunningWork, now: number): string {
  const text = work.platform ? `${work.platform} ${work.text}` : work.text
  const elapsed = now - work.startedAt
  if (!work.total || !work.unit) {
    const tail = work.lastOutput ? `  ${work.lastOutput}` : ''
    return elapsed < 1000 ? `${text}${tail}` : `${text} (${formatDuration(elapsed)})${tail}`
  }
  const amount =
    work.unit === 'bytes'
      ? `${formatBytes(work.done)} of ${formatBytes(work.total)}`
      : `${work.done} of ${work.total}`
  return `${text} ${amount}${timeLeft(work, elapsed)}`
}

function timeLeft(work: RunningWork, elapsed: number): string {
  if (!work.total || work.done <= 0 || work.done >= work.total || elapsed < 1000) return ''
  const left = (elapsed / work.done) * (work.total - work.done)
  return `, ${formatDuration(left)} left`
}
