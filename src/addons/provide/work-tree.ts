/** A package with what it needs, on disk, in a place of its own: nothing that a build does there is seen by another. */
import type { CancelOptions } from '../../base/index.ts'
import type { LockedPackage } from '../../lockfile/index.ts'
import { type PlacedPackage, type Placement, writePackages } from '../../npm/index.ts'
import type { AddonTools } from './addon-tools.ts'

/** The part of node_modules that a package sees: itself and all that it depends on, at their places. */
export function neededPlacement(location: string, { packages, binLinks }: Placement): Placement {
  const byLocation = new Map(packages.map((placed) => [placed.package.location, placed]))
  const needed = new Map<string, PlacedPackage>()
  const pending = [byLocation.get(location)]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { package: locked } = next
    if (needed.has(locked.location)) continue
    needed.set(locked.location, next)
    for (const name of dependencyNames(locked)) {
      const found = resolve(locked.location, name, byLocation)
      if (found) pending.push(found)
    }
    // What comes in its tarball lies inside it.
    for (const [inside, placed] of byLocation)
      if (placed.package.inBundle && inside.startsWith(`${locked.location}/node_modules/`))
        pending.push(placed)
  }
  return {
    packages: packages.filter(({ package: locked }) => needed.has(locked.location)),
    binLinks: binLinks.filter(({ owner }) => needed.has(owner)),
  }
}

function dependencyNames(locked: LockedPackage): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = locked
  return [dependencies, optionalDependencies, peerDependencies].flatMap((names) => Object.keys(names))
}

/** Where Node would find a package, going up from the one that asks. */
function resolve(
  from: string,
  name: string,
  packages: ReadonlyMap<string, PlacedPackage>,
): PlacedPackage | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    const found = packages.get(at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`)
    if (found || at === '') return found
  }
}

/** Writes it below a folder. Throws `NpmError`. */
export function writeWorkTree(
  placement: Placement,
  folder: string,
  { source }: AddonTools,
  { signal }: CancelOptions,
): Promise<void> {
  return writePackages(placement, { folder, source, signal })
}
