/** Packages that leave their binary to optional packages, one for each platform: sharp, esbuild, the napi-rs family. */
import { isNamedFor, type LockedPackage, namedPlatform, type NpmTarget } from '../lockfile/index.ts'

/** Whether a package leaves its binary to optional packages, one for each platform. */
export function hasFamily({ optionalDependencies }: LockedPackage): boolean {
  return Object.keys(optionalDependencies).some((name) => namedPlatform(name)?.os === 'linux')
}

/** The optional package that brings the binary for a platform. */
export function carrierFor(
  locked: LockedPackage,
  packages: ReadonlyMap<string, LockedPackage>,
  target: NpmTarget,
): LockedPackage | undefined {
  for (const name of Object.keys(locked.optionalDependencies)) {
    const carrier = resolve(locked.location, name, packages)
    if (!carrier || (carrier.os === undefined && carrier.cpu === undefined)) continue
    const named = namedPlatform(carrier.name)
    if (!named || isNamedFor(named, target)) return carrier
  }
  return undefined
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
