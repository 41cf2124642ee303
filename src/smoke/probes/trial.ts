/** What every probe is given, and what it finds. */
import type { Candidate } from '../addons/pick-addons.ts'
import type { Cause } from '../cause/cause.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { PreparedImage } from '../runners/runner.ts'
import type { AddonResult } from '../smoke-report.ts'

export interface Trial {
  image: PlatformImage
  prepared: PreparedImage
  /** `linux/arm64` */
  platform: string
  emulated: boolean
  /** milliseconds */
  timeout: number
  env: Readonly<Record<string, string>>
  readOnly: boolean
  /** bytes that the container may take */
  memory: number
  addons: { candidates: readonly Candidate[]; skipped: ReadonlyMap<string, string> }
}

/** What one attempt found. */
export interface TrialOutcome {
  summary: string
  /** absent when it passed */
  cause?: Cause
  log: readonly string[]
  addons?: AddonResult[]
}

/** What a container is given, whatever it is started for. */
export function surroundings({ env, readOnly, memory }: Trial): Pick<Trial, 'env' | 'readOnly' | 'memory'> {
  return { env, readOnly, memory }
}

export function timeoutCause(trial: Trial, what: string): Cause {
  const seconds = Math.round(trial.timeout / 1000)
  return {
    code: 'timeout',
    text: `${what} within ${seconds} s`,
    hint: trial.emulated
      ? 'emulation is slow: give it more time with --timeout, or test on a native machine'
      : 'it hangs, or needs more time: --timeout SECONDS',
  }
}
