import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CommandContext } from './context.ts'

/** everyarch's own cache: the flag, EVERYARCH_CACHE_DIR, else the platform's folder for caches. */
export function cacheFolder(flag: string | undefined, { env, cwd }: CommandContext): string {
  const given = flag ?? env.EVERYARCH_CACHE_DIR
  if (given) return resolve(cwd, given)
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'everyarch', 'Cache')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'everyarch')
  return join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'everyarch')
}
