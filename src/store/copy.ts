/**
 * From one store to another: blobs first, then manifests bottom up, then the names. Until everything that a name leads to is
 * stored, no name moves; and what is stored already is not sent again.
 */
import { setMaxListeners } from 'node:events'
import { type CancelOptions, mapConcurrently, type Progress, silent } from '../base/index.ts'
import type { Descriptor, Reference } from '../oci/index.ts'
import { type ImageContent, imageContent } from './image-content.ts'
import { PushMeter } from './push-meter.ts'
import type { ImageReader, ImageWriter, StoredManifest } from './store.ts'

export interface PutImageOptions extends CancelOptions {
  /** hears bytes of station `push` */
  progress?: Progress
  /** transfers under way at once; 6 when absent */
  limit?: number
  /** repositories whose blobs may be mounted instead of sent; the reader's own repository is always among them */
  mountFrom?: readonly Reference[]
}

export interface CopyImageOptions extends PutImageOptions {
  /** names for the root; when empty or absent, the name that the writer's location has */
  tags?: readonly Reference[]
}

/** What a copy did with the distinct blobs and manifests of an image. */
export interface CopyResult {
  /** the root as stored */
  root: Descriptor
  sent: BlobCount
  mounted: BlobCount
  /** was there already */
  present: BlobCount
  manifests: { sent: number; present: number }
}

export interface BlobCount {
  blobs: number
  bytes: number
}

/** Questions cost a round trip and no bandwidth. */
const questionsAtOnce = 16

/** `putImage`, then the names, then `commit`. */
export async function copyImage(
  reader: ImageReader,
  writer: ImageWriter,
  options: CopyImageOptions,
): Promise<CopyResult> {
  const { tags = [], signal, progress = silent } = options
  const meter = new PushMeter(writer.name, progress)
  const result = await put(reader, writer, meter, options)
  for (const tag of tags.length > 0 ? tags : [undefined]) await writer.tag(reader.root, tag, { signal })
  await writer.commit({ signal })
  meter.end()
  return result
}

/**
 * Stores everything reachable from the reader's root (children, configurations, layers, attestations) without giving it a
 * name: blobs first, then manifests bottom up, the root last. A second run continues a first that was cut off.
 */
export async function putImage(
  reader: ImageReader,
  writer: ImageWriter,
  options: PutImageOptions,
): Promise<CopyResult> {
  const meter = new PushMeter(writer.name, options.progress ?? silent)
  const result = await put(reader, writer, meter, options)
  meter.end()
  return result
}

async function put(
  reader: ImageReader,
  writer: ImageWriter,
  meter: PushMeter,
  options: PutImageOptions,
): Promise<CopyResult> {
  const { signal } = options
  const content = await imageContent(reader, { signal })
  const missing = await findMissing(content, writer, { signal })
  meter.start(countBlobs(missing.blobs).bytes)
  const transfers = await sendBlobs(missing.blobs, reader, writer, meter, options)
  for (const level of missing.levels) {
    await together(level, questionsAtOnce, { signal }, (manifest, signal) =>
      writer.putManifest(manifest, { signal }),
    )
  }
  const manifests = missing.levels.flat().length
  const of = (kind: Transfer) => missing.blobs.filter((blob) => transfers.get(blob) === kind)
  return {
    root: reader.root.descriptor,
    sent: countBlobs(of('sent')),
    mounted: countBlobs(of('mounted')),
    present: countBlobs(content.blobs.filter((blob) => !transfers.has(blob))),
    manifests: { sent: manifests, present: content.levels.flat().length - manifests },
  }
}

type Transfer = 'sent' | 'mounted'

/** All questions at once, manifests' and blobs': when everything is there, this is all that happens. */
async function findMissing(
  { levels, blobs }: ImageContent,
  writer: ImageWriter,
  options: CancelOptions,
): Promise<ImageContent> {
  const questions = [
    ...blobs.map((blob) => (signal: AbortSignal) => writer.hasBlob(blob, { signal })),
    ...levels.flat().map(
      ({ descriptor }) =>
        (signal: AbortSignal) =>
          writer.hasManifest(descriptor, { signal }),
    ),
  ]
  const answers = await together(questions, questionsAtOnce, options, (ask, signal) => ask(signal))
  const isMissing = answers.map((there) => !there)
  return {
    blobs: blobs.filter((_, index) => isMissing[index]),
    levels: missingLevels(levels, isMissing.slice(blobs.length)),
  }
}

function missingLevels(
  levels: readonly StoredManifest[][],
  isMissing: readonly boolean[],
): StoredManifest[][] {
  let index = 0
  return levels.map((level) => level.filter(() => isMissing[index++]))
}

/** Sends blobs side by side, the largest first, so that none of them is left alone at the end. */
async function sendBlobs(
  blobs: readonly Descriptor[],
  reader: ImageReader,
  writer: ImageWriter,
  meter: PushMeter,
  { signal, limit = 6, mountFrom = [] }: PutImageOptions,
): Promise<Map<Descriptor, Transfer>> {
  const sources = reader.reference ? [reader.reference, ...mountFrom] : mountFrom
  const order = [...blobs].sort((a, b) => b.size - a.size)
  const transfers = new Map<Descriptor, Transfer>()
  await together(order, limit, { signal }, async (blob, signal) => {
    const onBytes = (bytes: number) => meter.advance(blob, bytes)
    const transfer = await writer.putBlob(blob, reader.blob(blob), { signal, mountFrom: sources, onBytes })
    if (transfer === 'mounted') meter.advance(blob, blob.size)
    transfers.set(blob, transfer)
  })
  return transfers
}

/** As `mapConcurrently`, but the first failure also stops what is under way: a large upload would go on for nothing. */
async function together<T, R>(
  items: readonly T[],
  limit: number,
  { signal }: CancelOptions,
  map: (item: T, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  // Every request under way listens to it; Node would take that for a leak.
  setMaxListeners(0, either)
  return mapConcurrently(
    items,
    limit,
    async (item) => {
      try {
        return await map(item, either)
      } catch (error) {
        stop.abort(error)
        throw error
      }
    },
    { signal },
  )
}

function countBlobs(blobs: readonly Descriptor[]): BlobCount {
  return { blobs: blobs.length, bytes: blobs.reduce((sum, { size }) => sum + size, 0) }
}
