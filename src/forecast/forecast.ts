/** What a builder would do with a Dockerfile, as one JSON-safe value. Seconds are estimates, and rough ones. */
import type { SourceRange } from '../base/index.ts'
import type { Execution } from './builder-facts.ts'
import type { StepKind } from './step-cost.ts'

export interface Forecast {
  /** the builder, as messages call it */
  readonly builder: string
  readonly nodes: readonly NodeForecast[]
  readonly platforms: readonly PlatformForecast[]
  /** stages that no platform needs */
  readonly unused: readonly string[]
}

export interface NodeForecast {
  readonly name: string
  /** what its CPU executes itself; absent where it cannot be told */
  readonly native?: string
  /** what it has emulators for */
  readonly emulated: readonly string[]
  /** platforms that were given to it by hand */
  readonly assigned: readonly string[]
  /** why it cannot be used */
  readonly error?: string
}

export interface PlatformForecast {
  readonly platform: string
  /** the node that builds it; absent when no node can */
  readonly node?: string
  /** what `$BUILDPLATFORM` is there */
  readonly buildPlatform: string
  readonly stages: readonly StageForecast[]
  /** RUN steps of all stages that it needs */
  readonly runs: number
  readonly emulatedRuns: number
  /** the longest chain of emulated RUN steps, one waiting for the other: when it is empty, emulation costs nothing */
  readonly criticalPath: readonly SourceRange[]
  /** of the longest chain of steps, emulated or not */
  readonly estimatedSeconds: number
  /** what stops the build */
  readonly problems: readonly { readonly source: SourceRange; readonly message: string }[]
}

export interface StageForecast {
  /** its name, or its number */
  readonly stage: string
  readonly platform: string
  readonly execution: Execution
  /** made once for all platforms that one node builds */
  readonly shared: boolean
  /** what it waits for */
  readonly needs: readonly StageNeed[]
  /** its RUN steps */
  readonly steps: readonly StepForecast[]
}

export interface StageNeed {
  /** a stage of this file, or an image */
  readonly from: string
  readonly by: 'FROM' | 'COPY' | 'RUN --mount'
  /** the platform that the stage runs on; absent for images */
  readonly platform?: string
  readonly source: SourceRange
}

export interface StepForecast {
  readonly source: SourceRange
  /** the step on one line, shortened */
  readonly text: string
  readonly kind: StepKind
  readonly emulated: boolean
  /** much slower than on a CPU of its own */
  readonly expensive: boolean
  readonly estimatedSeconds: number
}
