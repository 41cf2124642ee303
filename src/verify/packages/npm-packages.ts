/** The npm packages of an image: which one a file belongs to, and who depends on whom. */
import { type FileTree, folderOf, segmentsOf, type TreeNode } from '../tree/file-tree.ts'
import type { PackageManifest } from '../layer/layer-facts.ts'

export interface NpmPackage {
  /** its folder, without the leading slash */
  folder: string
  /** from where it is installed, else what package.json says */
  name: string
  version: string
  manifest: PackageManifest
  /** its package.json */
  file: TreeNode
  /** false for the application itself and for packages inside of packages' folders */
  installed: boolean
}

export class NpmPackages {
  readonly #tree: FileTree
  readonly #byFolder = new Map<string, NpmPackage>()
  #dependents: Map<string, NpmPackage[]> | undefined

  constructor(tree: FileTree) {
    this.#tree = tree
    for (const node of tree.nodes()) {
      if (node.content?.kind === 'package')
        this.#byFolder.set(folderOf(node.path), packageOf(node, node.content.manifest))
    }
  }

  /** All of them, applications included. */
  all(): NpmPackage[] {
    return [...this.#byFolder.values()]
  }

  /** Those below a `node_modules` folder. */
  installed(): NpmPackage[] {
    return this.all().filter((item) => item.installed)
  }

  /** The applications: packages outside of `node_modules` that have one of their own. */
  applications(): NpmPackage[] {
    return this.all().filter(
      ({ installed, folder }) =>
        !installed && this.#tree.find(`${folder}/node_modules`)?.children !== undefined,
    )
  }

  at(folder: string): NpmPackage | undefined {
    return this.#byFolder.get(folder)
  }

  /** The installed package that a file belongs to: the nearest folder directly below a `node_modules`. */
  ownerOf(path: string): NpmPackage | undefined {
    const folder = packageFolderOf(path)
    return folder === undefined ? undefined : this.#byFolder.get(folder)
  }

  /** Those that list a package of this name among what they need at run time, optional or not. */
  dependentsOn(name: string): readonly NpmPackage[] {
    this.#dependents ??= this.#listDependents()
    return this.#dependents.get(name) ?? []
  }

  #listDependents(): Map<string, NpmPackage[]> {
    const dependents = new Map<string, NpmPackage[]>()
    for (const item of this.#byFolder.values()) {
      const { dependencies = {}, optionalDependencies = {} } = item.manifest
      for (const name of new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies)])) {
        const known = dependents.get(name)
        if (known) known.push(item)
        else dependents.set(name, [item])
      }
    }
    return dependents
  }

  /** What `require(name)` finds from a package's folder: the nearest `node_modules` upwards that has it. */
  resolve(name: string, from: string): NpmPackage | undefined {
    for (
      let folder: string | undefined = from;
      folder !== undefined;
      folder = folder === '' ? undefined : folderOf(folder)
    ) {
      if (folder.endsWith('node_modules')) continue
      const found = this.#tree.find(`${folder}/node_modules/${name}`)
      const item = found && this.#byFolder.get(found.path)
      if (item) return item
    }
    return undefined
  }
}

/** The folder of the npm package that a path is in, by its last `node_modules`; undefined when it is in none. */
export function packageFolderOf(path: string): string | undefined {
  const segments = segmentsOf(path)
  const at = segments.lastIndexOf('node_modules')
  const first = segments[at + 1]
  if (at < 0 || first === undefined) return undefined
  const length = first.startsWith('@') ? 2 : 1
  return segments.length > at + length ? segments.slice(0, at + 1 + length).join('/') : undefined
}

function packageOf(file: TreeNode, manifest: PackageManifest): NpmPackage {
  const folder = folderOf(file.path)
  const installed = packageFolderOf(file.path) === folder
  const named = installed
    ? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
    : undefined
  return {
    folder,
    name: named ?? manifest.name ?? '',
    version: manifest.version ?? '',
    manifest,
    file,
    installed,
  }
}

/** `name@version`, as findings name packages. */
export function packageLabel({ name, version }: NpmPackage): string {
  return version === '' ? name : `${name}@${version}`
}
