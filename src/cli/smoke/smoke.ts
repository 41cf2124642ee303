/** The work of `everyarch smoke`. */
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { exitCodes } from '../../base/index.ts'
import { type ImageLocation, parseImageLocation, parsePlatforms } from '../../oci/index.ts'
import { defaultCacheFolder } from '../../pipeline/index.ts'
import { smokeText } from '../../report/index.ts'
import { chooseRunners, defaultProbes, probesFromConfiguration, smokeImage } from '../../smoke/index.ts'
import { openCache, openReader, openStores, storeSettingsFrom } from '../../store/index.ts'
import type { SmokeFlags } from '../commands/smoke.ts'
import type { CommandContext } from '../context.ts'
import { folderConfiguration } from '../folder-configuration.ts'
import { startProgress } from '../progress.ts'
import { version } from '../version.ts'
import { probesOf } from './probes-of.ts'
import { runnersOf } from './runners-of.ts'

/** Tests the image; resolves to the exit code. */
export async function smoke(
  image: string,
  command: readonly string[],
  flags: SmokeFlags,
  context: CommandContext,
): Promise<number> {
  const { env, cwd, signal, stdout } = context
  const configuration = await folderConfiguration(flags, context)
  const configured = configuration.smoke ? probesFromConfiguration(configuration.smoke, cwd) : defaultProbes
  const probes = probesOf(command, flags, configured, (path) => resolve(cwd, path))
  const { wanted, places } = runnersOf(flags.runner ?? [], configuration.runners)
  const platforms = flags.platform && parsePlatforms(flags.platform.join(','))
  const location = locationOf(image, cwd)
  const home = homedir()
  const cache = openCache(resolve(cwd, flags.cacheDir ?? defaultCacheFolder(env, home)))
  const stores = openStores({
    ...storeSettingsFrom(env, home),
    userAgent: `everyarch/${version}`,
    insecureRegistries: [...(configuration.registry?.insecure ?? []), ...(flags.insecureRegistry ?? [])],
  })
  const { progress, stop } = startProgress(flags, context)
  try {
    const runners = await chooseRunners({ wanted, places, env, cache, signal })
    const reader = await openReader(location, stores, { cache, signal })
    try {
      const report = await smokeImage(reader, {
        ...(platforms ? { platforms } : {}),
        probes,
        runners,
        ...(flags.parallel === undefined ? {} : { concurrency: flags.parallel }),
        progress,
        signal,
      })
      stop()
      stdout.write(
        flags.json ? `${JSON.stringify(report, null, 2)}\n` : smokeText(report, { colour: stdout.colour }),
      )
      return report.passed ? exitCodes.ok : exitCodes.gate
    } finally {
      await reader.close()
    }
  } finally {
    stop()
    await stores.close()
  }
}

function locationOf(text: string, cwd: string): ImageLocation {
  const location = parseImageLocation(text)
  return 'path' in location ? { ...location, path: resolve(cwd, location.path) } : location
}
