/** Makes the engine's tools from an environment: the one place where credentials, proxies and folders come together. */
import type { CancelOptions, Progress } from '../../base/index.ts'
import type { DirectTools } from '../../engines/direct/index.ts'
import { loadNpmConfig, registryAccess } from '../../npm/index.ts'
import type { Project } from '../../project/index.ts'
import { workRoots } from '../../smoke/index.ts'
import { openCache, openStores, storeSettingsFrom } from '../../store/index.ts'
import { debianHttp } from './debian-http.ts'

export interface ToolSettings extends CancelOptions {
  /** variables of the process: credentials, proxies, npm's settings, and what the user's scripts see */
  env: Readonly<Record<string, string | undefined>>
  /** the user's home folder */
  home: string
  /** everyarch's own cache */
  cacheFolder: string
  /** sent to registries */
  userAgent: string
  progress: Progress
}

export type OpenTools = DirectTools & { close(): Promise<void> }

export async function openTools(project: Project, settings: ToolSettings): Promise<OpenTools> {
  const { env, home, cacheFolder, userAgent, progress, signal } = settings
  const cache = openCache(cacheFolder)
  const insecureRegistries = project.configuration.registry?.insecure ?? []
  const storeSettings = { ...storeSettingsFrom(env, home), insecureRegistries, userAgent }
  const stores = openStores(storeSettings)
  const mirrors = debianHttp(storeSettings)
  const npm = await loadNpmConfig({ projectFolder: project.root, env, signal })
  const temporary = await cache.temporaryFolder()
  const close = async () => {
    await Promise.all([stores.close(), mirrors.close()])
    await temporary[Symbol.asyncDispose]()
  }
  const now = () => new Date()
  const debian = { http: mirrors.get, cache, npm: registryAccess(npm), hostRoot: '/', now }
  const roots = workRoots({ env, cache })
  return { cache, stores, npm, debian, roots, temporaryFolder: temporary.path, env, now, progress, close }
}
