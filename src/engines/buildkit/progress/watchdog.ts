/** A program under emulation that hangs prints nothing and never ends: somebody has to notice. */
import type { Progress } from '../../../base/index.ts'
import { BuildkitError } from '../buildkit-error.ts'
import type { RunningStep, Timeline } from './timeline.ts'

export interface WatchdogSettings {
  /** milliseconds of silence after which the build is stopped; 0 is no limit */
  limit: number
  progress: Progress
  now(): number
  stop(error: BuildkitError): void
}

/** Looks after the emulated steps of a build until the returned function is called; warns at a third of the limit. */
export function watchEmulation(timeline: Timeline, settings: WatchdogSettings): () => void {
  const { limit, progress, now, stop } = settings
  const warned = new Set<string>()
  const look = () => {
    for (const step of timeline.running) {
      if (!step.emulated || step.words.kind !== 'run') continue
      const silence = now() - step.activeAt
      if (silence >= limit) return stop(silentStep(step, limit))
      if (silence < limit / 3 || warned.has(step.id)) continue
      warned.add(step.id)
      progress({
        type: 'warning',
        text: `${step.words.text.slice(0, 80)} has printed nothing for ${minutes(silence)} under emulation`,
        hint: `Node may hang in QEMU; the build is stopped after ${minutes(limit)} of silence (--emulation-timeout)`,
        ...(step.platform ? { platform: step.platform } : {}),
      })
    }
  }
  const timer = limit > 0 ? setInterval(look, Math.min(1000, Math.max(50, limit / 10))) : undefined
  return () => clearInterval(timer)
}

function silentStep({ name, words, platform }: RunningStep, limit: number): BuildkitError {
  const where = platform ? ` for ${platform}` : ''
  return new BuildkitError(
    'STEP_SILENT',
    `${words.text.slice(0, 120)}${where} printed nothing for ${minutes(limit)} under emulation and was stopped`,
    {
      kind: 'environment',
      hint: [
        'programs can hang in QEMU; three ways out:',
        '  run it natively: everyarch optimize moves such steps to the build platform, or add a native node to the builder',
        '  a newer QEMU: everyarch setup',
        '  if it is only slow: --emulation-timeout with more minutes, or 0 for no limit',
      ].join('\n'),
      details: { step: name, ...(platform ? { platform } : {}), milliseconds: limit },
      retryable: true,
    },
  )
}

function minutes(milliseconds: number): string {
  if (milliseconds < 120_000) return `${Math.max(1, Math.round(milliseconds / 1000))} s`
  return `${Math.round(milliseconds / 60_000)} min`
}
