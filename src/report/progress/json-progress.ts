import type { Progress } from '../../base/index.ts'
import type { ProgressSettings } from './plain-progress.ts'

/** Of the same work, amounts are told at most this often (milliseconds). */
const interval = 200

/** Progress for programs: one JSON object a line, the event as it is, with `time` in milliseconds since the start. */
export function jsonProgress({ write, now }: Pick<ProgressSettings, 'write' | 'now'>): Progress {
  const start = now()
  const toldAt = new Map<string, number>()
  return (event) => {
    const time = now()
    if (event.type === 'advance') {
      if (time - (toldAt.get(event.id) ?? -interval) < interval) return
      toldAt.set(event.id, time)
    }
    write(`${JSON.stringify({ time: Math.round(time - start), ...event })}\n`)
  }
}
