/**
 * Tarballs by lock entry. npm's own cache is the store: a tarball whose hash is there is read from there, any other is
 * fetched and put there first. Content without a hash in the lock (git, folders, a few remote tarballs) is fetched once per
 * run into a temporary file.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, InternalError, type Source, throwIfAborted } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import { fetchTarball } from './fetch-tarball.ts'
import { addToCache, cachedBytes, cachedSize, discardDamaged } from './npm-cache.ts'
import type { NpmConfig } from './npm-config.ts'
import { isGit, packageFailure } from './npm-failure.ts'

export interface TarballsOptions {
  config: NpmConfig
  /** an existing folder for tarballs on their way, and for those that have no hash */
  temporaryFolder: string
  /** called with the size of each tarball that npm's cache did not have */
  onFetched?: (locked: LockedPackage, bytes: number) => void
}

/** A tarball at hand. */
export interface Tarball {
  /** bytes, compressed */
  size: number
  /** verified while it is read; throws `NpmError` */
  content: Source
}

export class Tarballs {
  readonly #options: TarballsOptions
  /** under way or done, by temporary file: several entries of a lock may be of one tarball */
  readonly #fetched = new Map<string, Promise<number>>()

  constructor(options: TarballsOptions) {
    this.#options = options
  }

  /** Opens the tarball of a package. Throws `NpmError`. */
  async open(locked: LockedPackage, { signal }: CancelOptions): Promise<Tarball> {
    throwIfAborted(signal)
    const hash = hashOf(locked)
    try {
      return await (hash === undefined
        ? this.#fromFile(locked, signal)
        : this.#fromCache(locked, hash, signal))
    } catch (error) {
      throw packageFailure(locked, error, signal)
    }
  }

  /** Removes a tarball that was damaged in npm's cache; whether it was. */
  async discardDamaged(locked: LockedPackage, { signal }: CancelOptions): Promise<boolean> {
    const hash = hashOf(locked)
    return hash !== undefined && discardDamaged(this.#options.config.cacheFolder, hash, signal)
  }

  async #fromCache(locked: LockedPackage, hash: string, signal: AbortSignal): Promise<Tarball> {
    const { cacheFolder, offline } = this.#options.config
    const size = await cachedSize(cacheFolder, hash)
    if (size !== undefined) return cachedTarball(locked, cacheFolder, hash, size)
    if (offline) throw packageFailure(locked, { code: 'ENOTCACHED' }, signal)
    const file = this.#temporaryFile(hash)
    const added = await this.#once(file, async () => {
      const bytes = await this.#fetch(locked, file, signal)
      await addToCache(cacheFolder, hash, locked, file)
      await rm(file)
      this.#fetched.delete(file)
      return bytes
    })
    if ((await cachedSize(cacheFolder, hash)) === undefined)
      throw new InternalError(`npm's cache lost ${hash}`)
    return cachedTarball(locked, cacheFolder, hash, added)
  }

  async #fromFile(locked: LockedPackage, signal: AbortSignal): Promise<Tarball> {
    const file = this.#temporaryFile(locked.resolved ?? `${locked.name}@${locked.version}`)
    const size = await this.#once(file, () => this.#fetch(locked, file, signal))
    return { size, content: (opened) => createReadStream(file, { signal: opened.signal }) }
  }

  async #fetch(locked: LockedPackage, file: string, signal: AbortSignal): Promise<number> {
    const bytes = await fetchTarball(locked, file, this.#options.config, signal)
    this.#options.onFetched?.(locked, bytes)
    return bytes
  }

  #once(file: string, fetch: () => Promise<number>): Promise<number> {
    const known = this.#fetched.get(file)
    if (known) return known
    const fetched = fetch()
    this.#fetched.set(file, fetched)
    fetched.catch(() => this.#fetched.delete(file))
    return fetched
  }

  #temporaryFile(key: string): string {
    return join(this.#options.temporaryFolder, `${createHash('sha256').update(key).digest('hex')}.tgz`)
  }
}

/** The hash that npm holds a tarball against: it packs git repositories anew and compares none. */
function hashOf(locked: LockedPackage): string | undefined {
  return isGit(locked) ? undefined : locked.integrity
}

function cachedTarball(locked: LockedPackage, folder: string, hash: string, size: number): Tarball {
  return {
    size,
    async *content({ signal }) {
      try {
        yield* cachedBytes(folder, hash, size, signal)
      } catch (error) {
        throw packageFailure(locked, error, signal)
      }
    },
  }
}
