/**
 * Where a tarball and the lock both have something for one place inside a package (`node_modules/x` in the tarball): a
 * declared bundle wins over what the lock would fetch, and what the lock fetches wins over a stray copy, as with npm.
 */
import type { PlacedPackage } from './plan-node-modules.ts'
import type { PackageFile } from './unpack-package.ts'

/** Whether a package need not be put where a bundle has put it before; `isThere`: something is there already. */
export function cameBundled({ package: { inBundle } }: PlacedPackage, isThere: boolean): boolean {
  return inBundle && isThere
}

/** A package's files without stray copies of packages that the lock itself puts there. */
export function ownFiles(
  location: string,
  files: readonly PackageFile[],
  packages: readonly PlacedPackage[],
): readonly PackageFile[] {
  if (!files.some(({ path }) => path.startsWith('node_modules/'))) return files
  const others = packages
    .filter(({ package: other }) => !other.inBundle && other.location.startsWith(`${location}/node_modules/`))
    .map(({ package: other }) => other.location.slice(location.length + 1))
  return files.filter(({ path }) => !others.some((other) => path === other || path.startsWith(`${other}/`)))
}
