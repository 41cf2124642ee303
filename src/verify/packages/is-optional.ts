/** Whether a package's dependents get along without its native part. */
import type { FileTree } from '../tree/file-tree.ts'
import type { NpmPackage, NpmPackages } from './npm-packages.ts'

/** Packages that have another way when their native part is missing, and do not show it. */
const getAlong = new Set(['next'])

export function getsAlongWithout(item: NpmPackage, packages: NpmPackages, tree: FileTree): boolean {
  const script = item.manifest.scripts?.install ?? ''
  return (
    getAlong.has(item.name) ||
    tree.find(`${item.folder}/fallback.js`) !== undefined ||
    // `node-gyp rebuild || exit 0`: the package's own word that it works without.
    /\|\|\s*(?:exit 0|true|echo|:|node (?:-e|suppress))/.test(script) ||
    isOptional(item, packages)
  )
}

/** True when everything that depends on it lists it as optional; false when nothing depends on it. */
function isOptional(item: NpmPackage, packages: NpmPackages): boolean {
  const dependents = packages
    .dependentsOn(item.name)
    .filter(({ folder }) => packages.resolve(item.name, folder) === item)
  return (
    dependents.length > 0 &&
    dependents.every(({ manifest }) => item.name in (manifest.optionalDependencies ?? {}))
  )
}
