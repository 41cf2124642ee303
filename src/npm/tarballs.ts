/**
 * Tarballs by lock entry. npm's own cache is the store: a tarball whose hash is there is read from there, any other is
 * fetched into it first. Content without a hash in the lock (git, folders, a few remote tarballs) is fetched once per run
 * into a temporary file.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { type CancelOptions, codeOf, type Source, throwIfAborted } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'
import { fetchIntoCache, fetchIntoFile } from './fetch-tarball.ts'
import type { NpmConfig } from './npm-config.ts'
import { isGit, packageFailure } from './npm-failure.ts'

export interface TarballsOptions {
  config: NpmConfig
  /** an existing folder for tarballs that have no hash */
  temporaryFolder: string
  /** called with the size of each tarball that npm's cache did not have */
  onFetched?: (locked: LockedPackage, bytes: number) => void
}

/** A tarball at hand. */
export interface Tarball {
  /** bytes, compressed */
  size: number
  content: Source
}

export interface Tarballs {
  /** Opens the tarball of a package. Its content is verified while it is read. Throws `NpmError`. */
  open(locked: LockedPackage, options: CancelOptions): Promise<Tarball>
  /** Removes a tarball that was damaged in npm's cache; whether it was. */
  discardDamaged(locked: LockedPackage, options: CancelOptions): Promise<boolean>
}

export function tarballs(options: TarballsOptions): Tarballs {
  const { config } = options
  const files = new Map<string, Promise<Tarball>>()
  return {
    async open(locked, { signal }) {
      throwIfAborted(signal)
      try {
        return (
          (await throughCache(locked, options, signal)) ?? (await throughFile(locked, options, files, signal))
        )
      } catch (error) {
        throw packageFailure(locked, error, signal)
      }
    },
    async discardDamaged(locked, { signal }) {
      const hash = hashOf(locked)
      const size = hash === undefined ? undefined : await cachedSize(hash, config)
      if (hash === undefined || size === undefined) return false
      try {
        for await (const _ of cachedBytes(hash, size, config, signal));
        return false
      } catch (error) {
        if (codeOf(error) !== 'EINTEGRITY') return false
      }
      const { default: cacache } = await import('cacache')
      await cacache.rm.content(config.cacheFolder, hash)
      return true
    },
  }
}

/** The hash that npm holds a tarball against: it packs git repositories anew and compares none. */
function hashOf(locked: LockedPackage): string | undefined {
  return isGit(locked) ? undefined : locked.integrity
}

/** The tarball from npm's cache, fetched into it when it is not there; undefined when the cache cannot keep it. */
async function throughCache(
  locked: LockedPackage,
  { config, onFetched }: TarballsOptions,
  signal: AbortSignal,
): Promise<Tarball | undefined> {
  const hash = hashOf(locked)
  if (hash === undefined) return undefined
  const cached = await cachedTarball(locked, hash, config)
  if (cached) return cached
  const bytes = await fetchIntoCache(locked, config, signal)
  onFetched?.(locked, bytes)
  return cachedTarball(locked, hash, config)
}

async function cachedTarball(
  locked: LockedPackage,
  hash: string,
  config: NpmConfig,
): Promise<Tarball | undefined> {
  const size = await cachedSize(hash, config)
  if (size === undefined) return undefined
  return {
    size,
    async *content({ signal }) {
      try {
        yield* cachedBytes(hash, size, config, signal)
      } catch (error) {
        throw packageFailure(locked, error, signal)
      }
    },
  }
}

async function cachedSize(hash: string, { cacheFolder }: NpmConfig): Promise<number | undefined> {
  const { default: cacache } = await import('cacache')
  const found: { size?: number } | false = await cacache.get.hasContent(cacheFolder, hash)
  return found === false ? undefined : found.size
}

/** Up to this size a tarball is read at once, which is faster; larger ones are read as a stream. */
const readAtOnce = 4 << 20

async function* cachedBytes(
  hash: string,
  size: number,
  { cacheFolder }: NpmConfig,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { default: cacache } = await import('cacache')
  if (size <= readAtOnce) {
    yield await cacache.get.byDigest(cacheFolder, hash)
    return
  }
  for await (const chunk of cacache.get.stream.byDigest(cacheFolder, hash)) {
    throwIfAborted(signal)
    yield chunk
  }
}

function throughFile(
  locked: LockedPackage,
  { config, temporaryFolder, onFetched }: TarballsOptions,
  files: Map<string, Promise<Tarball>>,
  signal: AbortSignal,
): Promise<Tarball> {
  const key = locked.resolved ?? `${locked.name}@${locked.version}`
  const known = files.get(key)
  if (known) return known
  const path = join(temporaryFolder, `${createHash('sha256').update(key).digest('hex')}.tgz`)
  const fetched = fetchIntoFile(locked, path, config, signal).then((size): Tarball => {
    onFetched?.(locked, size)
    return { size, content: (opened) => createReadStream(path, { signal: opened.signal }) }
  })
  files.set(key, fetched)
  fetched.catch(() => files.delete(key))
  return fetched
}
