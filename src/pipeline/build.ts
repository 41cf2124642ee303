/**
 * The road: engine → verify → smoke → publish. Until the last step no name moves; a failure at any point leaves every
 * registry and folder as its users saw it before.
 */
import type { CancelOptions } from '../base/index.ts'
import type { IgnoreEntry } from '../verify/index.ts'
import type { Engine } from './engine.ts'
import { proveImage } from './gate/prove-image.ts'
import { recordTests } from './gate/record-tests.ts'
import type { SmokeRequest, SmokeStationTools } from './gate/smoke-station.ts'
import { type BuildReport, describeImage } from './image-report.ts'
import { type Destinations, publishImage, type PublishTools } from './publish-image.ts'
import { stopwatch } from './stopwatch.ts'

export interface BuildRequest extends Destinations {
  engine: Engine
  /** findings that the project accepts */
  ignore: readonly IgnoreEntry[]
  /** absent: no platform is started; what is pushed then says so */
  smoke?: SmokeRequest
}

/**
 * Builds, proves and publishes. A closed gate is no failure: the report then has findings of severity error and nothing was
 * published. Throws the coded errors of the stations.
 */
export async function build(
  request: BuildRequest,
  tools: SmokeStationTools & PublishTools,
  { signal }: CancelOptions,
): Promise<BuildReport> {
  const { engine, ignore, smoke, push } = request
  const { times, timed } = stopwatch()
  const image = await engine.build(timed, { signal })
  try {
    const proof = await proveImage(
      image,
      { ignore, recordUntested: push !== 'nothing', ...(smoke ? { smoke } : {}) },
      tools,
      { timed, signal },
    )
    const proved = recordTests(image, proof)
    const { name, digest } = image.base ?? {}
    const report = {
      engine: engine.name,
      ...(name === undefined ? {} : { base: { name, ...(digest ? { digest } : {}) } }),
      ...(await describeImage(proved, proof, { signal })),
      ...(image.steps ? { steps: image.steps } : {}),
      ...(image.optimized ? { optimized: image.optimized } : {}),
    }
    if (!proof.open) return { ...report, times }
    const published = await timed('publish', () => publishImage(proved, request, tools, { signal }))
    return { ...report, ...published, times }
  } finally {
    await image.reader.close()
  }
}
