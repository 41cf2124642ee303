/** npm's own content cache: tarballs by their hash. Everything that is read from it is verified on the way. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { codeOf } from '../base/index.ts'
import type { LockedPackage } from '../lockfile/index.ts'

/** Bytes of the content with that hash (subresource integrity); undefined when the cache does not have it. */
export async function cachedSize(folder: string, hash: string): Promise<number | undefined> {
  const { default: cacache } = await import('cacache')
  const found: { size?: number } | false = await cacache.get.hasContent(folder, hash)
  return found === false ? undefined : found.size
}

/** Up to this size content is read at once, which is faster. */
const readAtOnce = 4 << 20

/** Content of the cache. Throws an error with code `EINTEGRITY` when it is damaged. */
export async function* cachedBytes(
  folder: string,
  hash: string,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { default: cacache } = await import('cacache')
  if (size <= readAtOnce) yield await cacache.get.byDigest(folder, hash)
  else yield* largeContent(folder, hash, signal)
}

/** cacache itself reads large content in pieces of 64 MiB. */
async function* largeContent(folder: string, hash: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { default: contentPath } = await import('cacache/lib/content/path.js')
  const algorithm = strongestOf(hash)
  const hashing = createHash(algorithm)
  for await (const chunk of createReadStream(contentPath(folder, hash), { highWaterMark: 1 << 20, signal })) {
    hashing.update(chunk)
    yield chunk
  }
  const found = `${algorithm}-${hashing.digest('base64')}`
  if (!hash.split(/\s+/).some((each) => each.split('?')[0] === found)) throw new DamagedContent(found)
}

/** The same code and field as npm's own error for it. */
class DamagedContent extends Error {
  readonly code = 'EINTEGRITY'
  readonly found: string

  constructor(found: string) {
    super('content is not what its hash says')
    this.found = found
  }
}

/** npm looks for content by the strongest of its hashes. */
function strongestOf(hash: string): string {
  return ['sha512', 'sha384', 'sha256', 'sha1'].find((name) => hash.includes(`${name}-`)) ?? 'sha512'
}

/** Adds a package's tarball. */
export async function addToCache(
  folder: string,
  hash: string,
  locked: LockedPackage,
  file: string,
): Promise<void> {
  const { default: cacache } = await import('cacache')
  const key = `pacote:tarball:${locked.name}@${locked.version}`
  const sink = cacache.put.stream(folder, key, { integrity: hash, algorithms: [strongestOf(hash)] })
  const written = once(sink, 'integrity')
  written.catch(() => {}) // thrown below, when all was handed over
  for await (const chunk of createReadStream(file)) {
    if (!sink.write(chunk)) await once(sink, 'drain')
  }
  sink.end()
  await written
}

/** Removes content that is not what its hash says; whether it was so. */
export async function discardDamaged(folder: string, hash: string, signal: AbortSignal): Promise<boolean> {
  const size = await cachedSize(folder, hash)
  if (size === undefined) return false
  try {
    for await (const _ of cachedBytes(folder, hash, size, signal));
    return false
  } catch (error) {
    if (codeOf(error) !== 'EINTEGRITY') throw error
  }
  const { default: cacache } = await import('cacache')
  await cacache.rm.content(folder, hash)
  return true
}
