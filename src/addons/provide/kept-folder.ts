/** Folders that are costly to fill and never change: filled once, under a name that says all that they depend on. */
import { createHash } from 'node:crypto'
import { mkdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../../base/index.ts'
import type { ContentCache } from '../../store/index.ts'

/** The folder's path; `fill` is called with an empty one when it is not there yet. What fails leaves nothing. */
export async function keptFolder(
  cache: ContentCache,
  area: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32)
  const path = join(cache.folder, 'addons', area, name)
  if (await exists(path)) return path
  await using temporary = await cache.temporaryFolder()
  const folder = join(temporary.path, 'folder')
  await mkdir(folder)
  await fill(folder)
  await mkdir(dirname(path), { recursive: true })
  try {
    await rename(folder, path)
  } catch (error) {
    // Somebody else has filled the same folder meanwhile.
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error
  }
  return path
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
