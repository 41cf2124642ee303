/**
 * everyarch's own content cache: blobs by digest, and small JSON records by area and key. Several processes may use one
 * folder at once: everything is written under a temporary name and renamed. Whatever is damaged counts as absent.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type CancelOptions, codeOf, type Source } from '../../base/index.ts'
import {
  algorithmOf,
  type ContentIdentity,
  type Digest,
  hexOf,
  markVerified,
  OciError,
  verified,
} from '../../oci/index.ts'
import { onDisk } from '../disk-failure.ts'
import { fileSource, writeFileFrom } from '../file-content.ts'
import { StoreError } from '../store-error.ts'
import { type TemporaryFolder, temporaryFolder, temporaryName } from '../temporary-folder.ts'
import { type CacheUsage, cacheUsage, pruneCache } from './cache-usage.ts'

export interface ContentCache {
  readonly folder: string
  /** The blob if it is here (of the right size); its digest is checked while it is read. Marks it as used. */
  openBlob(content: ContentIdentity, options: CancelOptions): Promise<Source | undefined>
  /** Keeps content whose digest is known; checks it. Does nothing when the blob is here already. */
  addBlob(content: ContentIdentity, source: Source, options: CancelOptions): Promise<void>
  /** Keeps content whose digest is not known before it was read to its end. */
  createBlob(content: AsyncIterable<Uint8Array>, options: CancelOptions): Promise<ContentIdentity>
  /** The record that was set under this key; undefined when there is none. The caller checks its shape. */
  record(area: string, key: string): Promise<unknown>
  setRecord(area: string, key: string, value: unknown): Promise<void>
  /**
   * A new folder on the cache's own file system, removed when disposed of; `prune` removes those that dead processes left.
   * `announce` hears its path before it is made, for whoever has to remove it should this process be killed.
   */
  temporaryFolder(announce?: (path: string) => void): Promise<TemporaryFolder>
  usage(options: CancelOptions): Promise<CacheUsage>
  /** Removes what was not used for longest until at most `maxBytes` remain; tells what remains. */
  prune(options: CancelOptions & { maxBytes: number }): Promise<CacheUsage>
}

/** The time of last use is kept to this many milliseconds, so that reading does not write each time. */
const usePrecision = 60_000

/** Opens the cache in `folder`, which is made when first written to. */
export function openCache(folder: string): ContentCache {
  return new FolderCache(folder)
}

class FolderCache implements ContentCache {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  async openBlob({ digest, size }: ContentIdentity): Promise<Source | undefined> {
    const path = this.#blobPath(digest)
    if (!(await this.#isWhole(path, size))) return undefined
    await markUsed(path)
    return checkedFile(path, digest, size)
  }

  async addBlob(content: ContentIdentity, source: Source, { signal }: CancelOptions): Promise<void> {
    const path = this.#blobPath(content.digest)
    if (await this.#isWhole(path, content.size)) return
    const checked = verified(source, content)({ signal })
    await this.#write(checked, async () => path, { signal })
  }

  async createBlob(content: AsyncIterable<Uint8Array>, { signal }: CancelOptions): Promise<ContentIdentity> {
    const hash = createHash('sha256')
    let size = 0
    let digest: Digest | undefined
    const hashed = async function* () {
      for await (const chunk of content) {
        hash.update(chunk)
        size += chunk.byteLength
        yield chunk
      }
    }
    const placed = async () => {
      digest = `sha256:${hash.digest('hex')}` as Digest
      return this.#blobPath(digest)
    }
    await this.#write(hashed(), placed, { signal })
    return { digest: digest as Digest, size }
  }

  async record(area: string, key: string): Promise<unknown> {
    const path = this.#recordPath(area, key)
    const text = await readFile(path, 'utf8').catch(() => undefined)
    if (text === undefined) return undefined
    await markUsed(path)
    try {
      return JSON.parse(text)
    } catch {
      await rm(path, { force: true })
      return undefined
    }
  }

  async setRecord(area: string, key: string, value: unknown): Promise<void> {
    const path = this.#recordPath(area, key)
    await onDisk(`write the cache record ${path}`, async () => {
      await using temporary = await this.temporaryFolder()
      const file = join(temporary.path, 'record')
      // Not brought to the disk at once, as blobs are: a record that a power cut damages does not parse, and is absent.
      await writeFile(file, JSON.stringify(value))
      await moveTo(path, file)
    })
  }

  temporaryFolder(announce?: (path: string) => void): Promise<TemporaryFolder> {
    return temporaryFolder(join(this.folder, 'tmp'), announce)
  }

  usage(options: CancelOptions): Promise<CacheUsage> {
    return cacheUsage(this.folder, options)
  }

  prune(options: CancelOptions & { maxBytes: number }): Promise<CacheUsage> {
    return pruneCache(this.folder, options)
  }

  async #write(
    content: AsyncIterable<Uint8Array>,
    placed: () => Promise<string>,
    { signal }: CancelOptions,
  ): Promise<void> {
    const file = join(this.folder, 'tmp', temporaryName())
    await onDisk(`write to the cache in ${this.folder}`, async () => {
      await mkdir(dirname(file), { recursive: true })
      try {
        await writeFileFrom(file, content, { signal })
        await moveTo(await placed(), file)
      } finally {
        await rm(file, { force: true })
      }
    })
  }

  async #isWhole(path: string, size: number): Promise<boolean> {
    const info = await stat(path).catch(() => undefined)
    if (!info) return false
    if (info.isFile() && info.size === size) return true
    await rm(path, { recursive: true, force: true })
    return false
  }

  #blobPath(digest: Digest): string {
    const hex = hexOf(digest)
    return join(this.folder, 'blobs', algorithmOf(digest), hex.slice(0, 2), hex)
  }

  #recordPath(area: string, key: string): string {
    const hash = createHash('sha256').update(key).digest('hex')
    return join(this.folder, 'records', area, hash.slice(0, 2), `${hash}.json`)
  }
}

async function moveTo(path: string, file: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await rename(file, path)
}

async function markUsed(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined)
  const now = Date.now()
  // A cache that may only be read still serves.
  if (info && now - info.mtimeMs > usePrecision) await utimes(path, now / 1000, now / 1000).catch(() => {})
}

/** A cached file whose digest is checked while it is read: damage removes it, so that the next run finds it absent. */
function checkedFile(path: string, digest: Digest, size: number): Source {
  const checked = verified(fileSource(path), { digest, size }, `cached blob ${digest}`)
  const guarded: Source = async function* (options) {
    try {
      yield* checked(options)
    } catch (error) {
      if (!isDamage(error)) throw error
      await rm(path, { force: true })
      throw new StoreError('CACHE_DAMAGED', `the cached blob ${digest} is damaged`, {
        kind: 'environment',
        hint: 'it was removed from the cache: run again, and it is fetched or made anew',
        retryable: true,
        cause: error,
      })
    }
  }
  return markVerified(guarded, { digest, size })
}

function isDamage(error: unknown): boolean {
  if (error instanceof OciError) return error.code === 'CONTENT_MISMATCH'
  return error instanceof StoreError && codeOf(error.cause) === 'ENOENT'
}
