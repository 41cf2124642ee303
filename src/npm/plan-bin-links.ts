/**
 * The links of `.bin` folders, with npm's rules: a package's commands are linked beside the package itself; where several
 * packages have one command, the first of them wins, shallow ones before deep ones, then by name; links to workspaces
 * and folders come after all packages. Whether a link's target exists is known only when its package was read.
 */
import { posix } from 'node:path'
import type { LockedPackage, PackageSet } from '../lockfile/index.ts'

/** A symbolic link in a `.bin` folder. */
export interface BinLink {
  /** relative to the project's root: `node_modules/.bin/tsc` */
  readonly path: string
  /** the link's text: `../typescript/bin/tsc` */
  readonly target: string
  /** the package or link that the target is reached through, by location; of a package that came in another one's tarball, that one */
  readonly owner: string
  /** the target inside that package; there is no link when it is not there */
  readonly file: string
}

const collator = new Intl.Collator('en')

/** The links of a platform's packages, in the order in which they win. */
export function planBinLinks({ packages, bundled }: PackageSet): BinLink[] {
  const owners = new Set(packages.map(({ location }) => location))
  const claims = new Map<string, BinLink>()
  for (const locked of inOrder([...packages, ...bundled])) {
    const owner = ownerOf(locked.location, owners)
    if (owner === undefined) continue
    for (const [command, file] of Object.entries(locked.bin)) {
      const path = `${nodeModulesOf(locked.location)}/.bin/${command}`
      if (claims.has(path)) continue
      const absolute = posix.join(locked.location, file)
      claims.set(path, {
        path,
        target: posix.relative(posix.dirname(path), absolute),
        owner,
        file: posix.relative(owner, absolute),
      })
    }
  }
  return [...claims.values()]
}

function inOrder(packages: LockedPackage[]): LockedPackage[] {
  return packages.sort(
    (a, b) =>
      Number(a.link) - Number(b.link) ||
      depthOf(a.location) - depthOf(b.location) ||
      collator.compare(a.location, b.location),
  )
}

function depthOf(location: string): number {
  return location.split('/').filter((segment) => segment === 'node_modules').length
}

/** The package itself, or the one whose tarball brings it. */
function ownerOf(location: string, owners: ReadonlySet<string>): string | undefined {
  for (let at = location; at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/node_modules/'), 0))) {
    if (owners.has(at)) return at
  }
  return undefined
}

/** The `node_modules` folder that a package lies in. */
function nodeModulesOf(location: string): string {
  return location.slice(0, location.lastIndexOf('node_modules/') + 'node_modules'.length)
}
