/** Takes out of packages with native code what a platform will never load. */
import { type CancelOptions, mapConcurrently } from '../../base/index.ts'
import type { LockedPackage } from '../../lockfile/index.ts'
import type { NodeModulesPlan } from '../../npm/index.ts'
import { formatPlatform } from '../../oci/index.ts'
import type { AddonSettings } from '../../project/index.ts'
import type { AddonPackage } from '../classify/addon-package.ts'
import type { AddonTarget } from './addon-target.ts'
import type { AddonTools } from './addon-tools.ts'
import { isNeverLoaded, prunableFiles } from './prunable-files.ts'
import { settingsOf } from './ways.ts'

export interface Pruned {
  platform: string
  location: string
  paths: readonly string[]
  bytes: number
}

export interface PruneOptions extends CancelOptions {
  targets: readonly AddonTarget[]
  settings: Readonly<Record<string, AddonSettings>>
  /** whether an addon was compiled for a platform: its sources have served */
  isCompiled(platform: string, location: string): boolean
}

const atOnce = 4

/** What is left out, by platform and package; nothing of packages whose settings say `prune: false`. */
export async function prunePackages(
  addons: readonly AddonPackage[],
  { shared, perPlatform }: NodeModulesPlan,
  { targets, settings, isCompiled, signal }: PruneOptions,
  tools: AddonTools,
): Promise<Pruned[]> {
  // Of packages that leave their binary to others, and of tools, nothing is certain.
  const own = addons.filter(
    ({ name, mechanism }) =>
      ['bundled', 'download', 'source'].includes(mechanism) && settingsOf(name, settings).prune !== false,
  )
  const pruned = await mapConcurrently(
    own,
    atOnce,
    async ({ location }): Promise<Pruned[]> => {
      const lockedFor = (platform: string): LockedPackage | undefined =>
        [...shared.packages, ...(perPlatform.get(platform)?.packages ?? [])].find(
          ({ package: locked }) => locked.location === location,
        )?.package
      const having = targets.flatMap((target) => {
        const platform = formatPlatform(target.platform)
        const locked = lockedFor(platform)
        return locked && !locked.link ? [{ target, platform, locked }] : []
      })
      const [first] = having
      if (!first) return []
      const files = await prunableFiles(first.locked, tools, { signal })
      return having.map(({ target, platform }) => {
        const gone = files.filter((file) => isNeverLoaded(file, target, isCompiled(platform, location)))
        const bytes = gone.reduce((sum, { size }) => sum + size, 0)
        return { platform, location, paths: gone.map(({ path }) => path), bytes }
      })
    },
    { signal },
  )
  return pruned.flat().filter(({ paths }) => paths.length > 0)
}
