/** What the cache holds, and how it is kept small: by the time of last use. */
import { rm, stat } from 'node:fs/promises'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { type CancelOptions, codeOf, throwIfAborted } from '../../base/index.ts'
import { onDisk } from '../disk-failure.ts'
import { removeAbandoned } from '../temporary-folder.ts'

export interface CacheUsage {
  blobs: number
  records: number
  bytes: number
}

interface CachedFile {
  path: string
  kind: 'blobs' | 'records'
  bytes: number
  /** milliseconds since 1970 */
  lastUsed: number
}

export async function cacheUsage(folder: string, options: CancelOptions): Promise<CacheUsage> {
  return usageOf(await cachedFiles(folder, options))
}

export async function pruneCache(
  folder: string,
  { maxBytes, signal }: CancelOptions & { maxBytes: number },
): Promise<CacheUsage> {
  await removeAbandoned(join(folder, 'tmp'))
  const files = (await cachedFiles(folder, { signal })).sort((a, b) => a.lastUsed - b.lastUsed)
  let { bytes } = usageOf(files)
  let removed = 0
  for (const file of files) {
    if (bytes <= maxBytes) break
    throwIfAborted(signal)
    await onDisk(`remove ${file.path}`, () => rm(file.path, { force: true }))
    bytes -= file.bytes
    removed++
  }
  return usageOf(files.slice(removed))
}

function usageOf(files: readonly CachedFile[]): CacheUsage {
  const usage: CacheUsage = { blobs: 0, records: 0, bytes: 0 }
  for (const file of files) {
    usage[file.kind]++
    usage.bytes += file.bytes
  }
  return usage
}

async function cachedFiles(folder: string, { signal }: CancelOptions): Promise<CachedFile[]> {
  const files: CachedFile[] = []
  for (const kind of ['blobs', 'records'] as const) {
    for await (const path of filesBelow(join(folder, kind))) {
      throwIfAborted(signal)
      // Another process may prune at the same time: what has gone is not counted.
      const info = await stat(path).catch(() => undefined)
      if (info) files.push({ path, kind, bytes: info.size, lastUsed: info.mtimeMs })
    }
  }
  return files
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  try {
    for await (const entry of await opendir(folder, { recursive: true })) {
      if (entry.isFile()) yield join(entry.parentPath, entry.name)
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
