/** Binaries that were made before: found again by everything that they depend on. */
import { createHash } from 'node:crypto'
import type { CancelOptions } from '../../base/index.ts'
import type { Digest } from '../../oci/index.ts'
import type { ContentCache } from '../../store/index.ts'
import type { ProvidedBinary } from './provided-binary.ts'

const area = 'addon'

/** The binary that was kept under a key, when all of its files are there still. */
export async function keptBinary(
  cache: ContentCache,
  key: string,
  { signal }: CancelOptions,
): Promise<ProvidedBinary | undefined> {
  const record = await cache.record(area, key)
  if (!isBinary(record)) return undefined
  for (const file of record.files) if (!(await cache.openBlob(file, { signal }))) return undefined
  return record
}

export async function keepBinary(cache: ContentCache, key: string, binary: ProvidedBinary): Promise<void> {
  await cache.setRecord(area, key, binary)
}

function isBinary(value: unknown): value is ProvidedBinary {
  if (typeof value !== 'object' || value === null) return false
  const { files, libraries } = value as Partial<Record<keyof ProvidedBinary, unknown>>
  return Array.isArray(files) && Array.isArray(libraries)
}

/** A short name of any JSON value. */
export function shortDigest(value: unknown): Digest {
  return `sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}` as Digest
}
