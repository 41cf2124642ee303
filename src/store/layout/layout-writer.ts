/**
 * Writes images to an OCI layout folder. A new one is built beside its place and appears as a whole. To one that exists,
 * blobs are added under their digests, which nobody sees, and `commit` replaces `index.json` at once.
 */
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type CancelOptions, codeOf, fromBytes, type Source } from '../../base/index.ts'
import { type Descriptor, type Digest, type ImageIndex, type Reference, verified } from '../../oci/index.ts'
import { onDisk } from '../disk-failure.ts'
import { writeFileFrom } from '../file-content.ts'
import type { ImageWriter, PutBlobOptions, StoredManifest } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { temporaryName } from '../temporary-folder.ts'
import { withLock } from './folder-lock.ts'
import { blobPath } from './image-files.ts'
import { openLayoutFolder } from './layout-folder.ts'
import {
  emptyLayoutIndex,
  encodeLayoutIndex,
  indexFile,
  layoutFile,
  layoutFileBytes,
  namedEntry,
  readLayoutIndex,
  withEntries,
} from './layout-index.ts'
import { removeOrphans } from './remove-orphans.ts'

/** Opens a folder for writing; `tag` is the name that the location gives. Throws `StoreError` `STORE_OCCUPIED`. */
export async function openLayoutWriter(folder: string, tag: string | undefined): Promise<ImageWriter> {
  const target = resolve(folder)
  const names = await onDisk(`read ${folder}`, () => namesIn(target))
  const isLayout = names?.includes(layoutFile) ?? false
  if (names && names.length > 0 && !isLayout) {
    throw new StoreError('STORE_OCCUPIED', `${folder} holds other things than an image`, {
      kind: 'usage',
      hint: 'name an empty or a new folder, or one that holds an OCI image layout',
    })
  }
  const work = isLayout ? target : join(dirname(target), `.${temporaryName()}`)
  return new LayoutWriter({ name: `oci:${folder}`, tag, target, work })
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

interface Place {
  name: string
  tag: string | undefined
  target: string
  /** where files are written: the target itself when it is a layout already, else a folder beside it */
  work: string
}

class LayoutWriter implements ImageWriter {
  readonly name: string
  readonly #place: Place
  /** what the image needs and was found or stored here */
  readonly #needed = new Map<Digest, number>()
  /** blobs that were not there before; they go again when the image is not completed */
  readonly #added = new Set<Digest>()
  readonly #entries: Descriptor[] = []

  constructor(place: Place) {
    this.name = place.name
    this.#place = place
  }

  async hasBlob({ digest, size }: Descriptor): Promise<boolean> {
    const found = await sizeOf(join(this.#place.work, blobPath(digest)))
    if (found !== size) return false
    this.#needed.set(digest, size)
    return true
  }

  async putBlob(descriptor: Descriptor, content: Source, options: PutBlobOptions): Promise<'sent'> {
    const { signal, onBytes } = options
    const { digest, size } = descriptor
    const counted = counting(verified(content, descriptor)({ signal }), onBytes)
    await this.#write(blobPath(digest), counted, { signal })
    this.#added.add(digest)
    this.#needed.set(digest, size)
    return 'sent'
  }

  hasManifest(descriptor: Descriptor): Promise<boolean> {
    return this.hasBlob(descriptor)
  }

  async putManifest({ descriptor, bytes }: StoredManifest, options: CancelOptions): Promise<void> {
    await this.putBlob(descriptor, fromBytes(bytes), options)
  }

  async tag({ descriptor }: StoredManifest, name: Reference | undefined): Promise<void> {
    const tag = name?.tag ?? this.#place.tag
    this.#entries.push(
      namedEntry(descriptor, { ...(tag === undefined ? {} : { tag }), ...(name ? { reference: name } : {}) }),
    )
  }

  async commit(options: CancelOptions): Promise<void> {
    const { target, work } = this.#place
    if (work === target)
      await withLock(join(target, `${indexFile}.lock`), options, () => this.#change(options))
    else await this.#appear(options)
    this.#added.clear()
  }

  async close(): Promise<void> {
    const { target, work } = this.#place
    if (work !== target) await rm(work, { recursive: true, force: true })
    else for (const digest of this.#added) await rm(join(target, blobPath(digest)), { force: true })
    this.#added.clear()
  }

  async #appear(options: CancelOptions): Promise<void> {
    const { target, work, name } = this.#place
    const { index } = withEntries(emptyLayoutIndex, this.#entries)
    await this.#write(indexFile, [encodeLayoutIndex(index)], options)
    await this.#write(layoutFile, [layoutFileBytes], options)
    await onDisk(`write ${name}`, async () => {
      // Only an empty folder lets itself be removed; whatever came there meanwhile makes the renaming fail.
      await rmdir(target).catch(() => {})
      await mkdir(dirname(target), { recursive: true })
      await rename(work, target)
    })
  }

  async #change(options: CancelOptions): Promise<void> {
    const { target, name } = this.#place
    for (const [digest, size] of this.#needed) {
      if ((await sizeOf(join(target, blobPath(digest)))) === size) continue
      throw new StoreError('IMAGE_INCOMPLETE', `${digest} was removed from ${name} by another process`, {
        kind: 'environment',
        hint: 'run again',
        retryable: true,
      })
    }
    const files = await openLayoutFolder(target)
    const before: ImageIndex = (await readLayoutIndex(files, options)).index
    const { index, replaced } = withEntries(before, this.#entries)
    await this.#write(indexFile, [encodeLayoutIndex(index)], options)
    await removeOrphans(target, files, { replaced, kept: index.manifests }, options)
  }

  async #write(
    path: string,
    content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    options: CancelOptions,
  ): Promise<void> {
    const { name, work } = this.#place
    const target = join(work, path)
    const file = join(work, temporaryName())
    await onDisk(`write ${name}`, async () => {
      await mkdir(dirname(target), { recursive: true })
      try {
        await writeFileFrom(file, content, options)
        await rename(file, target)
      } finally {
        await rm(file, { force: true })
      }
    })
  }
}

async function* counting(
  content: AsyncIterable<Uint8Array>,
  onBytes: ((sent: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of content) {
    yield chunk
    bytes += chunk.byteLength
    onBytes?.(bytes)
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size
}
