/** What was decided about the pipeline, and the decision that is everyarch's own: its shape. */
import { isBuilt, type ProjectFacts } from '../project-facts.ts'

export const ciServices = ['github', 'gitlab', 'shell', 'none'] as const
export type CiService = (typeof ciServices)[number]

/**
 * `direct`: one job, everyarch makes the images itself. `split`: a machine of each CPU builds and tests its image, one job
 * merges and tags. `emulated`: one job with QEMU and buildx.
 */
export const pipelineShapes = ['direct', 'split', 'emulated'] as const
export type PipelineShape = (typeof pipelineShapes)[number]

export interface PipelineChoices {
  readonly ci: CiService
  readonly shape: PipelineShape
  /** repository without tag: `ghcr.io/acme/shop` */
  readonly image: string
  /** of everyarch, exact */
  readonly version: string
  readonly defaultBranch: string
}

/** A shape with the reason for it, in one line. */
export interface ShapeChoice {
  readonly shape: PipelineShape
  readonly reason: string
}

/** Architectures that CI services have machines of. */
const nativeRunners = new Set(['linux/amd64', 'linux/arm64'])

/** The shape that fits a project: the simplest in which nothing goes out that was not proved. */
export function chooseShape(facts: ProjectFacts, ownDockerfile: boolean): ShapeChoice {
  const { manager, addons, platforms, handlesSigterm } = facts
  const needsBuilder = ownDockerfile
    ? 'the project keeps a Dockerfile of its own'
    : manager.name !== 'npm'
      ? `dependencies are installed by ${manager.name}`
      : addons.length > 0
        ? `${addons.map(({ name }) => name).join(', ')} ${addons.length === 1 ? 'comes' : 'come'} without binaries`
        : !handlesSigterm
          ? 'the sources do not handle SIGTERM, and the Dockerfile brings an init'
          : undefined
  if (needsBuilder === undefined) {
    return {
      shape: 'direct',
      reason: `nothing has to be compiled: everyarch makes the images itself${isBuilt(facts) ? ', the build runs once' : ''}`,
    }
  }
  const foreign = platforms.filter((platform) => !nativeRunners.has(platform))
  return foreign.length === 0
    ? { shape: 'split', reason: `${needsBuilder}; each CPU builds and tests its own image` }
    : { shape: 'emulated', reason: `${needsBuilder}, and there are no machines for ${foreign.join(', ')}` }
}
