/** A temporary folder with the janitor that removes it, who knows of it before it is there. */
import type { ContentCache } from '../../store/index.ts'
import type { Janitor } from './janitor.ts'

export interface GuardedFolder {
  path: string
  /** removes the folder with everything else that it cleans */
  janitor: Janitor
}

export async function guardedFolder(
  cache: ContentCache,
  start: (path: string) => Janitor,
): Promise<GuardedFolder> {
  const janitors: Janitor[] = []
  try {
    const { path } = await cache.temporaryFolder((announced) => janitors.push(start(announced)))
    return { path, janitor: janitors[0] as Janitor }
  } catch (error) {
    for (const janitor of janitors) await janitor.clean()
    throw error
  }
}
