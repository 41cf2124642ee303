/** Which ways lead to a package's binary, from what it has for a platform and what the configuration allows. */
import type { AddonSettings, AddonStep } from '../../project/index.ts'
import type { AddonPackage, AddonStatus } from '../classify/addon-package.ts'

/** In this order, where the configuration says nothing else. */
const allWays: readonly AddonStep[] = ['optional-package', 'bundled', 'download', 'compile', 'emulate']

/** The settings of a package: its own over those of every package. */
export function settingsOf(name: string, addons: Readonly<Record<string, AddonSettings>>): AddonSettings {
  return { ...addons['*'], ...addons[name] }
}

/** What is to be tried for a package and a platform, in this order; nothing when it has its binary, or needs none. */
export function waysLeft(
  { mechanism, optional }: Pick<AddonPackage, 'mechanism' | 'optional'>,
  status: AddonStatus,
  { from, script, emulate }: AddonSettings,
): readonly AddonStep[] {
  const isAsked = from !== undefined || script !== undefined || emulate === true
  const isWanted = status.status === 'download' || status.status === 'compile' || status.status === 'prebuilt'
  // Executables that a script fetches, such as a browser, are not put into an image.
  if (!isAsked && (!isWanted || mechanism === 'tool')) return []
  // A service goes without what it can do without, rather than wait for an emulator.
  const without: AddonStep | undefined = emulate ? 'compile' : (emulate ?? !optional) ? undefined : 'emulate'
  const ways = from ?? allWays.filter((way) => way !== without)
  const possible = ways.filter((way) => leadsTo(way, status))
  // What is there already ends the search; what stands before it is tried first.
  const there = status.status === 'prebuilt' ? possible.findIndex((way) => way === status.how) : -1
  return there < 0 ? possible : possible.slice(0, there)
}

function leadsTo(way: AddonStep, { status, how }: AddonStatus): boolean {
  switch (way) {
    case 'optional-package':
    case 'bundled':
      return status === 'prebuilt' && how === way
    case 'download':
      return status === 'download'
    default:
      return true
  }
}
