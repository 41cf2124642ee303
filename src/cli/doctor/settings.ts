import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { DoctorSettings } from '../../doctor/index.ts'
import { parsePlatforms, parseReference } from '../../oci/index.ts'
import { defaultCacheFolder } from '../../pipeline/index.ts'
import { targetPlatforms } from '../../project/index.ts'
import { openStores, storeSettingsFrom } from '../../store/index.ts'
import type { DoctorFlags } from '../commands/doctor.ts'
import type { CommandContext } from '../context.ts'
import { folderConfiguration } from '../folder-configuration.ts'
import { version } from '../version.ts'

/** What doctor looks at, from flags, configuration and environment; `stores` are closed by the caller. */
export async function doctorSettings(flags: DoctorFlags, context: CommandContext): Promise<DoctorSettings> {
  const { env, cwd } = context
  const configuration = await folderConfiguration(flags, context)
  const home = homedir()
  const repositories = (flags.tag ?? configuration.tags ?? []).map((tag) => parseReference(tag))
  const unique = new Map(repositories.map((one) => [`${one.registry}/${one.repository}`, one]))
  return {
    docker: { env, cwd },
    platforms: flags.platform ? parsePlatforms(flags.platform.join(',')) : targetPlatforms(configuration),
    repositories: [...unique.values()],
    stores: openStores({
      ...storeSettingsFrom(env, home),
      insecureRegistries: flags.insecureRegistry ?? configuration.registry?.insecure ?? [],
      userAgent: `everyarch/${version}`,
    }),
    cacheFolder: resolve(cwd, flags.cacheDir ?? defaultCacheFolder(env, home)),
    needsBuilder: existsSync(join(cwd, 'Dockerfile')),
    now: () => new Date(),
    ...(flags.builder === undefined ? {} : { builder: flags.builder }),
  }
}
