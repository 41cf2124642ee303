import { formatPlatform } from '../../oci/index.ts'
import { type AddonNeed, findAddonNeeds } from '../packages/addon-needs.ts'
import { getsAlongWithout } from '../packages/is-optional.ts'
import type { PlatformImage } from '../platform-image.ts'
import type { PlatformRule } from '../rule.ts'

/** A package that will look for a binary for this platform, and the image has binaries for others only, or none. */
export const missingPrebuild: PlatformRule = {
  id: 'image/missing-prebuild',
  severity: 'error',
  *check(image) {
    for (const need of findAddonNeeds(image)) {
      if (need.kind === 'compiled' || image.trusts(need.package.file)) continue
      const message = messageFor(need, image)
      const optional = getsAlongWithout(need.package, image.packages, image.tree)
      yield {
        path: need.package.folder,
        package: need.package,
        ...(optional ? { severity: 'warning' as const } : {}),
        message: optional ? `${message}; what depends on it gets along without` : message,
        hint: hintFor(need, image),
        details: {
          expected: expectedOf(need),
          offered: need.kind === 'path' ? [] : need.offered.slice(0, 20),
        },
        layer: need.package.file.layer,
      }
    }
  },
}

function expectedOf(need: Exclude<AddonNeed, { kind: 'compiled' }>): string[] {
  if (need.kind === 'carrier') return need.candidates
  return need.kind === 'path' ? [need.path] : []
}

function messageFor(
  need: Exclude<AddonNeed, { kind: 'compiled' }>,
  { platform, libc }: PlatformImage,
): string {
  const here = `${formatPlatform(platform)}${libc ? ` (${libc})` : ''}`
  if (need.kind === 'path') return `looks for ${need.path}, which is not there`
  if (need.kind === 'prebuild') return `has binaries for other platforms, none for ${here}`
  const [first, ...others] = need.candidates
  if (first === undefined) return `has no binary for ${here}: none of its optional packages is for it`
  return `needs ${others.length > 0 ? `one of ${need.candidates.join(', ')}` : first}, which is not installed`
}

function hintFor(need: AddonNeed, { target }: PlatformImage): string {
  const flags = `--os=${target.os} --cpu=${target.cpu}${target.libc ? ` --libc=${target.libc}` : ''}`
  if (need.kind === 'carrier' && need.candidates.length > 0) {
    return `install for this platform: npm ci ${flags}; if the package is missing from package-lock.json, write the lock again with npm 11 or later`
  }
  return `${need.package.name} has to be compiled for this platform, or replaced by a package with a binary for it`
}
