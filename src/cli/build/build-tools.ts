/** Makes the engine's tools from the environment: the one place where credentials, proxies and folders come together. */
import { homedir } from 'node:os'
import { CodedError, type Progress } from '../../base/index.ts'
import type { DirectTools } from '../../engines/direct/index.ts'
import { loadNpmConfig } from '../../npm/index.ts'
import type { Project } from '../../project/index.ts'
import { openCache, openStores, storeSettingsFrom } from '../../store/index.ts'
import type { ImageFlags } from '../commands/build.ts'
import type { CommandContext } from '../context.ts'
import { cacheFolder } from '../folders.ts'
import { version } from '../version.ts'
import { debianPorts } from './debian-ports.ts'

export type OpenTools = DirectTools & { close(): Promise<void> }

export async function openTools(
  project: Project,
  flags: Pick<ImageFlags, 'cacheDir'>,
  progress: Progress,
  context: CommandContext,
): Promise<OpenTools> {
  const { env, signal } = context
  const cache = openCache(cacheFolder(flags.cacheDir, context))
  const insecureRegistries = project.configuration.registry?.insecure ?? []
  const stores = openStores({
    ...storeSettingsFrom(env, homedir()),
    insecureRegistries,
    userAgent: `everyarch/${version}`,
  })
  const npm = await loadNpmConfig({ projectFolder: project.root, env, signal })
  const debian = debianPorts(cache, npm)
  return { cache, stores, npm, debian, env, now: () => new Date(), progress, close: () => stores.close() }
}

/** SOURCE_DATE_EPOCH (reproducible-builds.org): seconds since 1970; 0 when it is not set. */
export function sourceDateEpoch({ env }: CommandContext): number {
  const text = env.SOURCE_DATE_EPOCH
  if (text === undefined || text === '') return 0
  const seconds = Number(text)
  // The upper bound is the last second that four digits of a year can say.
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 253_402_300_799) return seconds
  throw new CodedError('INVALID_FLAG', `SOURCE_DATE_EPOCH=${text} is not a time`, {
    kind: 'usage',
    hint: 'it is a whole number of seconds since 1970, such as $(git log -1 --format=%ct)',
  })
}
