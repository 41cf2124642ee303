/** The last station: the proved image goes to every place that was asked for; names are written when all of them have it. */
import type { CancelOptions, Progress } from '../base/index.ts'
import { formatImageLocation, formatReference, type ImageLocation, type Reference } from '../oci/index.ts'
import {
  copyImage,
  type CopyResult,
  openWriter,
  putImage,
  type Stores,
  type UnpublishedImage,
} from '../store/index.ts'
import type { ImageReport } from './image-report.ts'

export interface Destinations {
  /** names in registries */
  tags: readonly Reference[]
  /** `by-digest`: the repositories of `tags` get the image, and no tag moves */
  push: 'nothing' | 'by-digest' | 'tags'
  /** other places that get it */
  outputs: readonly ImageLocation[]
}

export type Publication = Pick<ImageReport, 'published' | 'stored' | 'outputs' | 'transfer'>

export interface PublishTools {
  stores: Stores
  progress: Progress
}

export interface PublishOptions extends CancelOptions {
  /** further repositories that hold blobs of the image */
  mountFrom?: readonly Reference[]
}

export async function publishImage(
  image: UnpublishedImage,
  { tags, push, outputs }: Destinations,
  tools: PublishTools,
  options: PublishOptions,
): Promise<Publication> {
  const repositories = push === 'nothing' ? [] : byRepository(tags)
  const results: CopyResult[] = []
  // Content first, everywhere: a registry that fails leaves the names of the others where they were.
  if (push === 'by-digest' || repositories.length > 1) {
    for (const names of repositories) results.push(await toRegistry(image, names, false, tools, options))
  }
  for (const location of outputs) await toPlace(image, location, tools, options)
  if (push === 'tags') {
    for (const names of repositories) results.push(await toRegistry(image, names, true, tools, options))
  }
  const sum = (count: (result: CopyResult) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  const { digest } = image.reader.root.descriptor
  const names = push === 'tags' ? repositories.flat() : []
  return {
    published: names.map((reference) => ({ reference: formatReference(reference), digest })),
    stored:
      push === 'by-digest' ? repositories.flatMap(([first]) => (first ? [repositoryName(first)] : [])) : [],
    outputs: outputs.map(formatImageLocation),
    ...(results.length > 0
      ? {
          transfer: {
            sentBytes: sum(({ sent }) => sent.bytes),
            presentBytes: sum(({ present, mounted }) => present.bytes + mounted.bytes),
          },
        }
      : {}),
  }
}

function repositoryName({ registry, repository }: Reference): string {
  return `${registry}/${repository}`
}

/** Names of one repository share one writer. */
function byRepository(tags: readonly Reference[]): Reference[][] {
  const groups = new Map<string, Reference[]>()
  for (const tag of tags) {
    const key = repositoryName(tag)
    groups.set(key, [...(groups.get(key) ?? []), tag])
  }
  return [...groups.values()]
}

async function toRegistry(
  image: UnpublishedImage,
  names: readonly Reference[],
  tagged: boolean,
  { stores, progress }: PublishTools,
  { mountFrom = [], signal }: PublishOptions,
): Promise<CopyResult> {
  const location = { transport: 'docker', reference: names[0] as Reference } as const
  const writer = await openWriter(location, stores, { progress, signal })
  try {
    const base = image.base?.repository ? [image.base.repository] : []
    const options = { progress, signal, mountFrom: [...base, ...mountFrom] }
    return await (tagged
      ? copyImage(image.reader, writer, { ...options, tags: names })
      : putImage(image.reader, writer, options))
  } finally {
    await writer.close()
  }
}

async function toPlace(
  image: UnpublishedImage,
  location: ImageLocation,
  { stores, progress }: PublishTools,
  { signal }: CancelOptions,
): Promise<void> {
  const writer = await openWriter(location, stores, { progress, signal })
  try {
    await copyImage(image.reader, writer, { progress, signal })
  } finally {
    await writer.close()
  }
}
