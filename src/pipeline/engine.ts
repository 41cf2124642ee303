/** What the road asks of an engine, and the direct engine as the road drives it. */
import type { CancelOptions } from '../base/index.ts'
import type { BuildStep } from '../engines/buildkit/index.ts'
import { buildDirect, type DirectTools, planDirect, resolvePlan } from '../engines/direct/index.ts'
import type { Project } from '../project/index.ts'
import type { UnpublishedImage } from '../store/index.ts'
import type { Timed } from './stopwatch.ts'

/** An image as an engine hands it over. */
export interface BuiltImage extends UnpublishedImage {
  /** what a builder did, step by step; absent where the engine has no steps */
  steps?: readonly BuildStep[]
  /** how many changes the Dockerfile was built with, and when they were proved to give the same image */
  optimized?: { changes: number; proof: 'now' | 'earlier' }
}

export interface EngineOptions extends CancelOptions {
  contexts?: readonly string[]
}

/** Makes an image that has no name yet. */
export interface Engine {
  readonly name: 'direct' | 'buildkit'
  /**
   * Throws the engine's coded errors. `timed` wraps its parts, so that the report can say what the time went to; `contexts` are
   * further build contexts of a Dockerfile, `NAME=PLACE`.
   */
  build(timed: Timed, options: EngineOptions): Promise<BuiltImage>
}

export interface DirectSettings {
  project: Project
  /** take the results of earlier builds */
  reuse: boolean
  /** seconds since 1970, for everything in the image */
  mtime: number
  /** absolute paths of the files and folders that this run writes: they are no part of the project */
  written: readonly string[]
}

/** The engine that needs neither a container engine nor root nor an emulator. */
export function directEngine({ project, reuse, mtime, written }: DirectSettings, tools: DirectTools): Engine {
  return {
    name: 'direct',
    async build(timed, { signal }) {
      const { legacyPeerDeps } = tools.npm
      const plan = await timed('plan', () =>
        planDirect(project, { now: tools.now(), mtime, legacyPeerDeps, reuse, signal }),
      )
      const resolved = await timed('base', () => resolvePlan(plan, tools, { signal }))
      return timed('build', () => buildDirect(resolved, tools, { reuse, written, signal }))
    },
  }
}
