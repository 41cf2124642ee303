/** What tests fetch or make once and keep between runs: Debian folders, other Node versions, base images. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `$EVERYARCH_TEST_CACHE`, else a folder of the machine for root and of the user for everybody else. */
export const cacheFolder: string =
  process.env.EVERYARCH_TEST_CACHE ??
  (process.getuid?.() === 0 ? '/var/cache/everyarch-test' : join(homedir(), '.cache/everyarch-test'))

/**
 * The folder `name` of the cache; `make` fills it when it is not there. The folder appears complete or not at all, so an
 * interrupted run leaves nothing half-made behind, and of two runs that make it at once one wins.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await mkdir(unfinished, { recursive: true })
  try {
    await make(unfinished)
    await rename(unfinished, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return folder
}

/** A short name for a recipe: whoever changes the recipe gets a new cache entry. */
export function recipeHash(...recipe: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of recipe) hash.update(part).update('\0')
  return hash.digest('hex').slice(0, 12)
}
