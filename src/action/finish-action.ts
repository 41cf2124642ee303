/** The post step: keeps the cache for the next job, removes what the main step left for the steps in between. */
import { rm } from 'node:fs/promises'
import type { ActionContext } from './context.ts'

/** Never fails the job: what was published is published. */
export async function finishAction(context: ActionContext): Promise<void> {
  const { env, signal } = context
  const [folder, cacheFolder, key] = [env.STATE_folder, env.STATE_cacheFolder, env.STATE_cacheKey]
  if (cacheFolder && key) {
    const { saveCache } = await import('./runner-cache.ts')
    await saveCache({ folder: cacheFolder, key }, context, { signal })
  }
  if (folder) await rm(folder, { recursive: true, force: true })
}
