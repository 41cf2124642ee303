/**
 * The road: engine → verify → smoke → publish. Until the last step no name moves; a failure at any point leaves every
 * registry and folder as its users saw it before.
 */
import type { CancelOptions } from '../base/index.ts'
import type { ImageReader, UnpublishedImage } from '../store/index.ts'
import type { IgnoreEntry } from '../verify/index.ts'
import type { Engine } from './engine.ts'
import { proveImage } from './gate/prove-image.ts'
import { recordTests } from './gate/record-tests.ts'
import type { SmokeRequest, SmokeStationTools } from './gate/smoke-station.ts'
import { type BuildReport, describeImage } from './image-report.ts'
import { type Destinations, publishImage, type PublishTools } from './publish-image.ts'
import { stopwatch, type Timed } from './stopwatch.ts'

export interface BuildRequest extends Destinations {
  engine: Engine
  /** findings that the project accepts */
  ignore: readonly IgnoreEntry[]
  /** absent: no platform is started; what is pushed then says so */
  smoke?: SmokeRequest
}

export type BuildTools = SmokeStationTools & PublishTools

/** An image that went through the gate, and has no name yet. */
export interface GatedImage {
  image: UnpublishedImage
  /** `proved` says whether the gate is open */
  report: BuildReport
  timed: Timed
}

/**
 * Builds, proves and publishes. A closed gate is no failure: the report then has findings of severity error and nothing was
 * published. Throws the coded errors of the stations.
 */
export async function build(
  request: BuildRequest,
  tools: BuildTools,
  { signal }: CancelOptions,
): Promise<BuildReport> {
  const gated = await buildAndProve(request, tools, { signal })
  try {
    const { image, report, timed } = gated
    if (!report.proved) return report
    const published = await timed('publish', () => publishImage(image, request, tools, { signal }))
    return { ...report, ...published }
  } finally {
    await gated.image.reader.close()
  }
}

/** `contexts` are further build contexts, `NAME=PLACE`. The image stays here until its reader is closed. */
export async function buildAndProve(
  { engine, ignore, smoke, push }: BuildRequest,
  tools: BuildTools,
  { contexts, signal }: CancelOptions & { contexts?: readonly string[] },
): Promise<GatedImage> {
  const { times, timed } = stopwatch()
  const image = await engine.build(timed, { signal, ...(contexts ? { contexts } : {}) })
  return orClosed(image.reader, async () => {
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
      times,
    }
    return { image: proved, report, timed }
  })
}

async function orClosed<T>(reader: ImageReader, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await reader.close()
    throw error
  }
}
