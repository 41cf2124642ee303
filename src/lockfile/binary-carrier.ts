/** Packages that leave their binary to optional packages, one for each platform: sharp, esbuild, the napi-rs family. */
import type { NpmTarget } from './fits-target.ts'
import { isNamedFor, namedPlatform } from './named-platform.ts'
import type { LockedPackage } from './package-lock.ts'

/** Whether a package leaves its binary to optional packages, one for each platform. */
export function hasFamily({ optionalDependencies }: LockedPackage): boolean {
  return Object.keys(optionalDependencies).some((name) => namedPlatform(name)?.os === 'linux')
}

/** The optional packages that bring the binary for a platform: sharp has two, most have one. */
export function carriersFor(
  locked: LockedPackage,
  packages: ReadonlyMap<string, LockedPackage>,
  target: NpmTarget,
): LockedPackage[] {
  return Object.keys(locked.optionalDependencies).flatMap((name) => {
    const carrier = resolve(locked.location, name, packages)
    if (!carrier || (carrier.os === undefined && carrier.cpu === undefined)) return []
    const named = namedPlatform(carrier.name)
    return !named || isNamedFor(named, target) ? [carrier] : []
  })
}

function resolve(
  from: string,
  name: string,
  packages: ReadonlyMap<string, LockedPackage>,
): LockedPackage | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const found = packages.get(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`)
    if (found || at === '') return found
  }
}
