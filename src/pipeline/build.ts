/**
 * The road: plan → engine → verify → publish. Until the last step no name moves; a failure at any point leaves every registry
 * and folder as its users saw it before.
 */
import type { CancelOptions } from '../base/index.ts'
import { buildDirect, type DirectTools, planDirect, resolvePlan } from '../engines/direct/index.ts'
import type { ImageLocation, Reference } from '../oci/index.ts'
import type { Project } from '../project/index.ts'
import { type BuildReport, describeImage } from './build-report.ts'
import { proveImage } from './gate.ts'
import { publishImage } from './publish.ts'

export interface BuildRequest {
  project: Project
  /** names in registries */
  tags: readonly Reference[]
  /** whether the registries of `tags` get the image */
  push: boolean
  /** other places that get it */
  outputs: readonly ImageLocation[]
  /** take the results of earlier builds */
  reuse: boolean
  /** seconds since 1970, for everything in the image */
  mtime: number
}

/**
 * Builds, proves and publishes. A closed gate is no failure: the report then has findings of severity error and nothing was
 * published. Throws the coded errors of the stations.
 */
export async function build(
  request: BuildRequest,
  tools: DirectTools,
  { signal }: CancelOptions,
): Promise<BuildReport> {
  const { project, mtime } = request
  const times: BuildReport['times'] = []
  const timed = async <T>(station: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now()
    try {
      return await work()
    } finally {
      times.push({ station, milliseconds: performance.now() - start })
    }
  }
  const plan = await timed('plan', () =>
    planDirect(project, { now: tools.now(), mtime, legacyPeerDeps: tools.npm.legacyPeerDeps, signal }),
  )
  const resolved = await timed('base', () => resolvePlan(plan, tools, { signal }))
  const image = await timed('build', () => buildDirect(resolved, tools, { reuse: request.reuse, signal }))
  const proof = await timed('verify', () => proveImage(image, project, tools, { signal }))
  const report = describeImage(image, proof)
  if (!proof.open) return { ...report, times }
  const published = await timed('publish', () => publishImage(image, request, tools, { signal }))
  return { ...report, ...published, times }
}
