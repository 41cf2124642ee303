import type { Progress } from '../../base/index.ts'
import type { ProgressSettings } from './plain-progress.ts'

/** Progress for programs: one JSON object a line, the event as it is, with `time` in milliseconds since the start. */
export function jsonProgress({ write, now }: Pick<ProgressSettings, 'write' | 'now'>): Progress {
  const start = now()
  return (event) => write(`${JSON.stringify({ time: Math.round(now() - start), ...event })}\n`)
}
