/**
 * Which of a package's `.node` files Node would load here. Loaders agree on the outlines: what was compiled in place
 * (`build/Release`) comes first, then prebuilds by the platform in their names; node-gyp-build chooses among those of one
 * folder by their tags.
 */
import type { TreeNode } from '../tree/file-tree.ts'
import { folderOf, nameOf } from '../tree/file-tree.ts'
import { fitsManifest } from './fits-manifest.ts'
import { type NpmPackage, type NpmPackages, packageFolderOf } from './npm-packages.ts'
import { fitOf, labelOf, type Target } from './platform-label.ts'
import { choosePrebuild } from './prebuildify.ts'
import { isTestData } from './test-data.ts'

export type AddonRole = 'loaded' | 'foreign' | 'unused' | 'data'

/** node-gyp leaves the same file here, under a name that nothing asks for. */
const intermediate = /\/obj\.target\//

export function chooseAddons(
  files: readonly TreeNode[],
  packages: NpmPackages,
  target: Target,
): Map<TreeNode, AddonRole> {
  const byFolder = groupBy(files, ({ path }) => packageFolderOf(path) ?? '')
  const roles = new Map<TreeNode, AddonRole>()
  for (const [folder, own] of byFolder) {
    const chosen = chooseInPackage(own, folder, packages.at(folder), target)
    for (const [file, role] of chosen) roles.set(file, role)
  }
  return roles
}

function chooseInPackage(
  files: readonly TreeNode[],
  folder: string,
  owner: NpmPackage | undefined,
  target: Target,
): Map<TreeNode, AddonRole> {
  const roles = new Map<TreeNode, AddonRole>()
  const inner = (file: TreeNode) => (folder === '' ? file.path : file.path.slice(folder.length + 1))
  const all = owner !== undefined && !fitsManifest(owner.manifest, target) ? 'foreign' : undefined
  const fits: TreeNode[] = []
  for (const file of files) {
    const path = inner(file)
    const named = fitOf(labelOf(`${owner?.name ?? ''}/${path}`), target)
    if (isTestData(path) || intermediate.test(`/${path}`)) roles.set(file, 'data')
    else if (all || named === 'foreign') roles.set(file, 'foreign')
    else fits.push(file)
  }
  for (const file of fits.filter((candidate) => isOutdone(candidate, fits, target, inner)))
    roles.set(file, 'foreign')
  const rest = fits.filter((file) => !roles.has(file))
  const compiled = rest.some((file) => /^build\/Release\/[^/]+\.node$/.test(inner(file)))
  for (const [parent, siblings] of groupBy(rest, (file) => folderOf(inner(file)))) {
    const isPrebuilds = /^prebuilds\/[^/]+$/.test(parent)
    const preferred = isPrebuilds
      ? choosePrebuild(
          siblings.map(({ path }) => nameOf(path)),
          target,
        )
      : undefined
    for (const file of siblings) {
      const isLoaded =
        !isPrebuilds || (!compiled && (preferred === undefined || nameOf(file.path) === preferred))
      roles.set(file, isLoaded ? 'loaded' : 'unused')
    }
  }
  return roles
}

/**
 * `farmhash-linux-arm64.node` beside `farmhash-linuxmusl-arm64.node`: a name without libc is for the other C library when the
 * package has a file named after this one.
 */
function isOutdone(
  file: TreeNode,
  fits: readonly TreeNode[],
  target: Target,
  inner: (file: TreeNode) => string,
): boolean {
  const libc = file.content?.kind === 'elf' ? file.content.elf.libc : undefined
  if (libc === undefined || libc === target.libc || labelOf(inner(file)).libcs.size > 0) return false
  return labelOf(inner(file)).systems.size > 0 && fits.some((other) => labelOf(inner(other)).libcs.size > 0)
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
