import { join } from 'node:path'

/** everyarch's own cache where nothing else is said: EVERYARCH_CACHE_DIR, else the operating system's folder for caches. */
export function defaultCacheFolder(env: Readonly<Record<string, string | undefined>>, home: string): string {
  if (env.EVERYARCH_CACHE_DIR) return env.EVERYARCH_CACHE_DIR
  if (process.platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'everyarch', 'Cache')
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'everyarch')
  return join(env.XDG_CACHE_HOME ?? join(home, '.cache'), 'everyarch')
}
