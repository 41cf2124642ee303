/** The last station: the proved image goes to every place that was asked for; names are written when all of them have it. */
import type { CancelOptions, Progress } from '../base/index.ts'
import type { UnpublishedImage } from '../engines/direct/index.ts'
import { formatImageLocation, formatReference, type ImageLocation, type Reference } from '../oci/index.ts'
import { copyImage, type CopyResult, openWriter, putImage, type Stores } from '../store/index.ts'
import type { BuildReport } from './build-report.ts'

export interface Destinations {
  tags: readonly Reference[]
  push: boolean
  outputs: readonly ImageLocation[]
}

export type Publication = Pick<BuildReport, 'published' | 'outputs' | 'transfer'>

export interface PublishTools {
  stores: Stores
  progress: Progress
}

export async function publishImage(
  image: UnpublishedImage,
  { tags, push, outputs }: Destinations,
  tools: PublishTools,
  { signal }: CancelOptions,
): Promise<Publication> {
  const results: CopyResult[] = []
  const repositories = push ? byRepository(tags) : []
  // Content first, everywhere: a registry that fails leaves the names of the others where they were.
  if (repositories.length > 1) {
    for (const names of repositories)
      results.push(await toRegistry(image, names, tools, { put: true, signal }))
  }
  for (const location of outputs) await toPlace(image, location, tools, { signal })
  for (const names of repositories)
    results.push(await toRegistry(image, names, tools, { put: false, signal }))
  const sum = (count: (result: CopyResult) => number) =>
    results.reduce((total, result) => total + count(result), 0)
  const { digest } = image.reader.root.descriptor
  return {
    published: repositories.flat().map((reference) => ({ reference: formatReference(reference), digest })),
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

/** Names of one repository share one writer. */
function byRepository(tags: readonly Reference[]): Reference[][] {
  const groups = new Map<string, Reference[]>()
  for (const tag of tags) {
    const key = `${tag.registry}/${tag.repository}`
    groups.set(key, [...(groups.get(key) ?? []), tag])
  }
  return [...groups.values()]
}

async function toRegistry(
  image: UnpublishedImage,
  names: readonly Reference[],
  { stores, progress }: PublishTools,
  { put, signal }: CancelOptions & { put: boolean },
): Promise<CopyResult> {
  const writer = await openWriter({ transport: 'docker', reference: names[0] as Reference }, stores, {
    progress,
    signal,
  })
  try {
    const options = {
      progress,
      signal,
      ...(image.base.repository ? { mountFrom: [image.base.repository] } : {}),
    }
    return await (put
      ? putImage(image.reader, writer, options)
      : copyImage(image.reader, writer, { ...options, tags: names }))
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
