/** Keeps a layout from growing with every build: what only replaced images needed goes with them. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import type { Descriptor, Digest } from '../../oci/index.ts'
import { imageContent } from '../image-content.ts'
import { StoreError } from '../store-error.ts'
import { blobPath, type ImageFiles } from './image-files.ts'
import { readLayoutImage } from './layout-reader.ts'

/** Removes the blobs of `replaced` entries that no `kept` entry needs. What nothing here ever named is left alone. */
export async function removeOrphans(
  folder: string,
  files: ImageFiles,
  { replaced, kept }: { replaced: readonly Descriptor[]; kept: readonly Descriptor[] },
  options: CancelOptions,
): Promise<void> {
  const needed = await digestsOf(files, kept, options)
  const obsolete = await digestsOf(files, replaced, options)
  if (!needed || !obsolete) return
  for (const digest of obsolete)
    if (!needed.has(digest)) await rm(join(folder, blobPath(digest)), { force: true })
}

/** Undefined when an image is incomplete: then nobody can tell what it needs. */
async function digestsOf(
  files: ImageFiles,
  entries: readonly Descriptor[],
  options: CancelOptions,
): Promise<Set<Digest> | undefined> {
  const digests = new Set<Digest>()
  try {
    for (const entry of entries) {
      const { levels, blobs } = await imageContent(await readLayoutImage(files, entry, options), options)
      for (const { descriptor } of levels.flat()) digests.add(descriptor.digest)
      for (const { digest } of blobs) digests.add(digest)
    }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'IMAGE_INCOMPLETE') return undefined
    throw error
  }
  return digests
}
