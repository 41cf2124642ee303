/** What no build can help, said before one begins. */
import { nameAndVersion } from '../../lockfile/index.ts'
import type { AddonSettings } from '../../project/index.ts'
import { AddonError } from '../addon-error.ts'
import type { AddonPackage } from '../classify/addon-package.ts'
import { settingsOf } from './ways.ts'

/**
 * Throws `AddonError` `ADDON_UNAVAILABLE` when a package that the service needs has neither a binary for a platform nor
 * sources, and the configuration says nothing of how to make one.
 */
export function refuseImpossible(
  addons: readonly AddonPackage[],
  settings: Readonly<Record<string, AddonSettings>>,
): void {
  const unmet = addons
    .filter(({ name, optional }) => !optional && settingsOf(name, settings).script === undefined)
    .flatMap(impossibleOn)
  const [first = '', ...others] = [...new Set(unmet.map(({ text }) => text))]
  if (unmet.length === 0) return
  throw new AddonError('ADDON_UNAVAILABLE', `no binary for ${first}`, {
    kind: 'usage',
    hint: [
      ...others,
      'choose a release of the package that has one, or sources; replace it; or leave the platform out',
    ].join('\n'),
    details: {
      needs: unmet.map(({ package: name, platform, status }) => ({ package: name, platform, status })),
    },
  })
}

/** What a tool downloads is not ours to put into an image: only what is said to be impossible counts for it. */
function impossibleOn(addon: AddonPackage) {
  const refused = addon.mechanism === 'tool' ? ['impossible'] : ['wasm', 'impossible']
  const statuses = Object.entries(addon.platforms).filter(([, { status }]) => refused.includes(status))
  return statuses.map(([platform, { status, evidence, reason }]) => {
    const same = statuses.filter(([, other]) => other.status === status && other.reason === reason)
    const name = nameAndVersion(addon)
    const platforms = same.map(([each]) => each).join(', ')
    return { package: name, platform, status, text: `${name} on ${platforms}: ${reason ?? evidence}` }
  })
}
