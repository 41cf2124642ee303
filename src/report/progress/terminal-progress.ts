/**
 * Progress for a person at a terminal: finished lines scroll, work under way is redrawn below them. Nothing but the lines
 * under way is ever erased.
 */
import type { Progress } from '../../base/index.ts'
import { styles } from '../style.ts'
import { plainProgress, type ProgressSettings } from './plain-progress.ts'
import { finishedLine, runningText } from './progress-line.ts'
import { RunningSet } from './running.ts'

export interface TerminalProgress {
  progress: Progress
  /** erases the lines under way and stops redrawing */
  stop(): void
}

const redrawInterval = 100

export function terminalProgress(settings: ProgressSettings & { columns(): number }): TerminalProgress {
  const style = styles(settings.colour)
  const running = new RunningSet()
  let drawn = 0
  const erase = () => {
    if (drawn > 0) settings.write(`\u001b[${drawn}A\u001b[0J`)
    drawn = 0
  }
  const draw = () => {
    const columns = Math.max(20, settings.columns() - 1)
    const lines = running.works.map((work) => {
      const text = runningText(work, settings.now())
      return finishedLine(work.station, text.slice(0, columns - 10), '', style)
    })
    if (lines.length > 0) settings.write(`${lines.join('\n')}\n`)
    drawn = lines.length
  }
  const finished = plainProgress({
    ...settings,
    write: (text) => {
      erase()
      settings.write(text)
    },
  })
  const timer = setInterval(() => {
    erase()
    draw()
  }, redrawInterval)
  timer.unref()
  return {
    progress: (event) => {
      running.apply(event, settings.now())
      // A reminder line makes no sense where the work is on the screen anyway.
      if (event.type === 'advance') return
      finished(event)
    },
    stop: () => {
      clearInterval(timer)
      erase()
    },
  }
}
