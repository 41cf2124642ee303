/** The images that deploy manifests name, with the platforms on which each will run: what a deploy guard has to verify. */
import type { Platform } from '../../oci/index.ts'
import { parseYaml } from '../../workflow/index.ts'
import { composeUses } from './compose-uses.ts'
import type { ImageUse } from './image-use.ts'
import type { Environment } from './interpolate.ts'
import { kubernetesUses } from './kubernetes-uses.ts'

export interface DeployedImage {
  /** as it is written, variables replaced */
  image: string
  /** what runs it, for messages: `Deployment shop`, `service web` */
  usedBy: string[]
  /** platforms that what runs it is bound to; empty when it is bound to none */
  platforms: Platform[]
}

export interface CollectedImages {
  images: DeployedImage[]
  /** what could not be read, one sentence each */
  problems: string[]
}

export type ManifestKind = 'kubernetes' | 'compose'

/**
 * Reads a manifest of one or more documents. Kubernetes: the containers of every workload, custom ones included. Compose: the
 * services that have an image; `env` gives the values of their variables.
 */
export function collectImages(text: string, kind: ManifestKind, env: Environment = {}): CollectedImages {
  const { documents, problems, lines, templated } = parseYaml(text)
  if (templated) {
    return {
      images: [],
      problems: ['it is a template: render it first, and verify what comes out (helm template …)'],
    }
  }
  const found: string[] = problems.map(
    ({ message, range }) => `line ${lines.position(range.start).line}: ${message}`,
  )
  const all = documents.map((document) =>
    kind === 'kubernetes' ? kubernetesUses(document) : composeUses(document, env),
  )
  return {
    images: merge(all.flatMap(({ uses }) => uses)),
    problems: [...found, ...all.flatMap((one) => one.problems)],
  }
}

function merge(uses: readonly ImageUse[]): DeployedImage[] {
  const images = new Map<string, DeployedImage>()
  for (const { image, usedBy, platforms } of uses) {
    const known = images.get(image) ?? { image, usedBy: [], platforms: [] }
    images.set(image, known)
    if (!known.usedBy.includes(usedBy)) known.usedBy.push(usedBy)
    const isNew = (platform: Platform) =>
      !known.platforms.some((own) => JSON.stringify(own) === JSON.stringify(platform))
    known.platforms.push(...platforms.filter(isNew))
  }
  return [...images.values()]
}
