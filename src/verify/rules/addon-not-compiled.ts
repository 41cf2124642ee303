import { findAddonNeeds } from '../packages/addon-needs.ts'
import type { NpmPackage } from '../packages/npm-packages.ts'
import { getsAlongWithout } from '../packages/is-optional.ts'
import type { PlatformRule } from '../rule.ts'

/** A package with native sources, and nothing that was compiled from them: its install script did not run. */
export const addonNotCompiled: PlatformRule = {
  id: 'image/addon-not-compiled',
  severity: 'error',
  *check(image) {
    for (const need of findAddonNeeds(image)) {
      if (need.kind !== 'compiled' || image.trusts(need.package.file)) continue
      const optional = getsAlongWithout(need.package, image.packages, image.tree)
      yield {
        path: need.package.folder,
        package: need.package,
        ...(optional ? { severity: 'warning' as const } : {}),
        message: `has a binding.gyp and no compiled addon${optional ? '; what depends on it gets along without' : ''}`,
        hint: hintFor(need.package),
        layer: need.package.file.layer,
      }
    }
  },
}

function hintFor({ name, manifest }: NpmPackage): string {
  const downloads = /prebuild-install|node-pre-gyp|install-from-cache/.test(manifest.scripts?.install ?? '')
  return downloads
    ? `its install script downloads it, and npm ci --ignore-scripts leaves that out: run it for this platform (npm rebuild ${name} in a stage of the platform)`
    : `npm ci --ignore-scripts leaves it out: compile it for this platform (npm rebuild ${name} in a stage of the platform, or cross-compile)`
}
