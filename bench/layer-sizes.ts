/** What an image adds to its base image, platform by platform, as a registry has it. */
import { inspectRaw } from '../test/engines/skopeo.ts'

export interface LayerSizes {
  /** compressed bytes of the first platform's layers that are not the base's */
  first: number
  /** of the second platform's, those that neither the base nor the first platform has */
  second: number
}

interface Document {
  manifests?: { digest: string; platform?: { architecture: string } }[]
  layers?: { digest: string; size: number }[]
}

export async function layerSizes(image: string, base: string): Promise<LayerSizes> {
  const known = new Set<string>()
  for (const layers of await layersByPlatform(base)) for (const { digest } of layers) known.add(digest)
  const added: number[] = []
  for (const layers of await layersByPlatform(image)) {
    added.push(layers.filter(({ digest }) => !known.has(digest)).reduce((sum, { size }) => sum + size, 0))
    for (const { digest } of layers) known.add(digest)
  }
  const [first = 0, second = 0] = added
  return { first, second }
}

async function layersByPlatform(image: string) {
  const index = await documentOf(image)
  // buildx lists its attestations as images of an unknown platform
  const images = (index.manifests ?? []).filter(({ platform }) => platform?.architecture !== 'unknown')
  const repository = image.slice(0, image.lastIndexOf(':'))
  const manifests = []
  for (const { digest } of images) manifests.push(await documentOf(`${repository}@${digest}`))
  return manifests.map(({ layers = [] }) => layers)
}

async function documentOf(reference: string): Promise<Document> {
  return JSON.parse(await inspectRaw(`docker://${reference}`)) as Document
}
