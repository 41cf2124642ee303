import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Progress } from '../base/index.ts'
import { defaultCacheFolder, type OpenTools, openTools } from '../pipeline/index.ts'
import type { Project } from '../project/index.ts'
import type { CommandContext } from './context.ts'
import { version } from './version.ts'

/** The engine's tools as this process's environment and the flags give them. */
export function commandTools(
  project: Project,
  flags: { cacheDir?: string },
  progress: Progress,
  { env, cwd, signal }: CommandContext,
): Promise<OpenTools> {
  const home = homedir()
  const cacheFolder = resolve(cwd, flags.cacheDir ?? defaultCacheFolder(env, home))
  return openTools(project, { env, home, cacheFolder, userAgent: `everyarch/${version}`, progress, signal })
}
