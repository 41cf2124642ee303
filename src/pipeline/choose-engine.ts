/** Which engine makes an image; never switched silently: whoever asked for neither is told which one, and why. */
import { CodedError, messageOf } from '../base/index.ts'
import { type Builder, builderText } from '../engines/buildkit/index.ts'
import type { Platform } from '../oci/index.ts'
import type { Engine } from './engine.ts'
import { PipelineError } from './pipeline-error.ts'

export interface EngineFacts {
  /** `--engine` */
  wanted: 'auto' | Engine['name']
  /** the Dockerfile's name, relative to the project; absent where there is none */
  dockerfile?: string
  /** the builder that answered, or why none did; absent while nobody asked */
  builder?: Builder | CodedError
  platforms: readonly Platform[]
}

export interface EngineChoice {
  engine: Engine['name']
  /** for the output's first line */
  text: string
}

/** What the direct engine does with a project that has a Dockerfile. */
const difference =
  '--engine direct leaves the Dockerfile aside: it takes the base from node:<major>-slim or --base, dependencies from the lockfile, runs the build script once here, and starts what package.json says; what the Dockerfile adds (system packages, files, users) is not in that image'

/**
 * With a Dockerfile and no builder nothing is chosen. Throws `PipelineError` `ENGINE_UNAVAILABLE`, `DOCKERFILE_NOT_FOUND`; for
 * `buildkit` the builder's own error.
 */
export function chooseEngine({ wanted, dockerfile, builder, platforms }: EngineFacts): EngineChoice {
  if (wanted === 'direct') {
    const unused = dockerfile ? `; ${dockerfile} is not used` : ''
    return {
      engine: 'direct',
      text: `direct (asked for: the image is made here, without a container engine${unused})`,
    }
  }
  if (dockerfile === undefined) {
    if (wanted === 'auto') {
      return {
        engine: 'direct',
        text: 'direct (no Dockerfile: the image is made here, without a container engine)',
      }
    }
    throw new PipelineError(
      'DOCKERFILE_NOT_FOUND',
      'the buildkit engine needs a Dockerfile, and there is none',
      {
        kind: 'usage',
        hint: 'name one with --file, or leave --engine away: without a Dockerfile the image is made here',
      },
    )
  }
  if (builder && !(builder instanceof CodedError)) {
    return { engine: 'buildkit', text: `buildkit (${dockerfile}) on ${builderText(builder, platforms)}` }
  }
  if (wanted === 'buildkit' && builder) throw builder
  throw new PipelineError(
    'ENGINE_UNAVAILABLE',
    `${dockerfile} needs a builder, and none answers: ${messageOf(builder)}`,
    {
      kind: 'environment',
      hint: [builder?.hint, difference].filter(Boolean).join('\n'),
      ...(builder ? { cause: builder, details: { reason: builder.code } } : {}),
    },
  )
}
