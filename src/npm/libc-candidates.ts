/**
 * Which lock entries may have lost their `libc`: npm before 11 writes none, and every later npm installs the packages of both
 * libraries from such a lock. Only packages that tell by their name, or by a sibling's, that there is a choice are asked.
 */
import type { LockedPackage } from '../lockfile/index.ts'

const library = /(?:^|[-_./@])(?:linux)?(gnu|glibc|musl)(?:eabi(?:hf)?)?(?=$|[-_./])/

/** The entries whose package.json has to be asked. */
export function libcCandidates(packages: readonly LockedPackage[]): LockedPackage[] {
  const restricted = packages.filter(({ os, cpu }) => os !== undefined && cpu !== undefined)
  const families = new Set(
    restricted.filter(({ name }) => library.test(name)).map(({ name }) => familyOf(name)),
  )
  return restricted.filter(({ libc, name }) => libc === undefined && families.has(familyOf(name)))
}

/** A name without its library: `@img/sharp-linux-x64` and `@img/sharp-linuxmusl-x64` are one family. */
function familyOf(name: string): string {
  return name.replace(library, (match) =>
    match.includes('linux') ? `${match.slice(0, match.indexOf('linux'))}linux` : '',
  )
}
