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
  return familyMembers(locked, packages).filter(({ name }) => {
    const named = namedPlatform(name)
    return !named || isNamedFor(named, target)
  })
}

/** Optional packages that are named for a platform, and that it does not have: the lock lost them, or never had them. */
export function missingCarriers(
  locked: LockedPackage,
  packages: ReadonlyMap<string, LockedPackage>,
  target: NpmTarget,
): string[] {
  const names = Object.keys(locked.optionalDependencies)
  const choosesLibc = names.some((name) => namedPlatform(name)?.libc !== undefined)
  return names.filter((name) => {
    const named = namedPlatform(name)
    if (named?.os === undefined || named.cpu === undefined || !isNamedFor(named, target)) return false
    // Beside `linuxmusl-x64`, `linux-x64` is for glibc.
    if (choosesLibc && named.libc === undefined && target.libc !== 'glibc') return false
    return !resolve(locked.location, name, packages)
  })
}

/** Every optional package of a family that a tree has, whatever it is for. */
export function familyMembers(
  locked: LockedPackage,
  packages: ReadonlyMap<string, LockedPackage>,
): LockedPackage[] {
  return Object.keys(locked.optionalDependencies).flatMap((name) => {
    const member = resolve(locked.location, name, packages)
    return member && (member.os !== undefined || member.cpu !== undefined) ? [member] : []
  })
}

/** The WebAssembly build that a package lists among its optional packages: npm installs it only when asked to. */
export function wasmMember({ optionalDependencies }: LockedPackage): string | undefined {
  return Object.keys(optionalDependencies).find((name) => namedPlatform(name)?.cpu === 'wasm32')
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
