import { join } from 'node:path'
import { defaultCacheFolder } from '../../base/index.ts'
import type { CodeCacheSettings } from './code-cache.ts'

/**
 * Compiled code is kept in everyarch's own cache folder, as arguments and environment name it; it is not when
 * NODE_DISABLE_COMPILE_CACHE says so, Node's own variable for the same thing.
 */
export function codeCacheSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): CodeCacheSettings {
  const purpose = args[0] !== undefined && /^[a-z]+$/.test(args[0]) ? args[0] : ''
  if (env.NODE_DISABLE_COMPILE_CACHE) return { folder: undefined, purpose }
  return { folder: join(cacheFolder(args) ?? defaultCacheFolder(env, home), 'code'), purpose }
}

/** The option is read here once more, because the program that reads all options is what is about to be loaded. */
function cacheFolder(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === '--cache-dir' || arg.startsWith('--cache-dir='))
  const arg = args[at]
  return arg === '--cache-dir' ? args[at + 1] : arg?.slice('--cache-dir='.length)
}
