/** The images that deploy manifests name, with the platforms on which each will run: what a deploy guard has to verify. */
import { parsePlatform, type Platform } from '../../oci/index.ts'
import {
  listAt,
  parseYaml,
  scalarAt,
  toComposeServices,
  toDeployments,
  type YamlNode,
} from '../../workflow/index.ts'
import { interpolate } from './interpolate.ts'

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

interface Use {
  image: string
  usedBy: string
  platforms: readonly Platform[]
}

/**
 * Reads a manifest of one or more documents. Kubernetes: the containers of every workload, custom ones included. Compose: the
 * services that have an image; `env` gives the values of their variables.
 */
export function collectImages(
  text: string,
  kind: ManifestKind,
  env: Readonly<Record<string, string | undefined>> = {},
): CollectedImages {
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
  const uses = documents.flatMap((document) =>
    kind === 'kubernetes' ? kubernetesUses(document) : composeUses(document, env, found),
  )
  return { images: merge(uses), problems: found }
}

function kubernetesUses(document: YamlNode): Use[] {
  const known = toDeployments(document).flatMap(({ name, images, architectures }): Use[] => {
    const platforms = architectures.flatMap(({ architecture }) => platformOf(`linux/${architecture}`) ?? [])
    return images.map((image) => ({ image: image.text, usedBy: name, platforms }))
  })
  const names = new Set(known.map(({ image }) => image))
  const kindName = [scalarAt(document, 'kind')?.text, scalarAt(document, 'metadata', 'name')?.text]
  const others = imagesBelow(document)
    .filter((image) => !names.has(image))
    .map((image) => ({ image, usedBy: kindName.filter(Boolean).join(' '), platforms: [] }))
  return [...known, ...others]
}

const containerLists = ['containers', 'initContainers', 'ephemeralContainers']

/** Images of containers anywhere below: workloads of kinds that are not built in keep a pod's shape. */
function imagesBelow(node: YamlNode): string[] {
  if (node.kind === 'list') return node.items.flatMap(imagesBelow)
  if (node.kind !== 'map') return []
  const own = containerLists.flatMap((key) =>
    (listAt(node, key)?.items ?? []).flatMap((container) => scalarAt(container, 'image')?.text ?? []),
  )
  return [...own, ...node.entries.flatMap(({ value }) => imagesBelow(value))]
}

function composeUses(
  document: YamlNode,
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): Use[] {
  return toComposeServices(document).flatMap(({ name, image, platform }): Use[] => {
    if (image === undefined || image.text === '') return []
    const text = interpolate(image.text, env)
    if (text === undefined) {
      problems.push(`service ${name}: the image ${image.text} has a variable without a value`)
      return []
    }
    const bound = platform && platformOf(interpolate(platform.text, env) ?? '')
    return [{ image: text, usedBy: `service ${name}`, platforms: bound ? [bound] : [] }]
  })
}

/** What is no platform is another tool's finding. */
function platformOf(text: string): Platform | undefined {
  try {
    return parsePlatform(text)
  } catch {
    return undefined
  }
}

function merge(uses: readonly Use[]): DeployedImage[] {
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
