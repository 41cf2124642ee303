/**
 * What the dynamic loader would do inside of the image: find every library that a program or addon needs, and check the
 * symbol versions that they need of one another. Follows ld.so(8) for glibc, and musl's dynlink.c.
 */
import type { Elf, Libc } from '../../elf/index.ts'
import { type FileTree, folderOf, type TreeNode } from '../tree/file-tree.ts'
import { LibrarySearch, type NotFound } from './library-search.ts'
import type { LoadedObject } from './need.ts'

export interface MissingLibrary extends NotFound {
  name: string
  neededBy: LoadedObject
}

export interface MissingVersion {
  version: string
  neededBy: LoadedObject
  library: LoadedObject
}

/** A process as far as its libraries are concerned. */
export interface Loading {
  libc: Libc
  /** by every name that a need can be satisfied with */
  objects: ReadonlyMap<string, LoadedObject>
  missing: MissingLibrary[]
  versions: MissingVersion[]
}

const maxObjects = 2000

export class DynamicLoader {
  readonly #search: LibrarySearch

  /** `libraryPath` is the image's LD_LIBRARY_PATH. */
  constructor(tree: FileTree, libraryPath: string | undefined) {
    this.#search = new LibrarySearch(tree, libraryPath)
  }

  /** Loads a program, or an object that is opened by the program of `within`. */
  load(node: TreeNode, elf: Elf, libc: Libc, within?: Loading): Loading {
    const objects = new Map(within?.objects)
    const loading: Loading = { libc, objects, missing: [], versions: [] }
    const root: LoadedObject = { node, elf, origin: `/${folderOf(node.path)}` }
    const program = within?.objects.get(programName) ?? root
    if (within === undefined) objects.set(programName, root)
    const added = [root]
    for (let index = 0; index < added.length && added.length < maxObjects; index++) {
      const object = added[index] as LoadedObject
      for (const name of object.elf.needed) {
        if (objects.has(name) || isBuiltIn(name, libc)) continue
        const found = this.#search.find(name, libc, { object, program, interpreter: program.elf.interpreter })
        if ('searched' in found) {
          loading.missing.push({ ...found, name, neededBy: object })
          continue
        }
        const library: LoadedObject = { ...found, neededBy: object }
        added.push(library)
        objects.set(name, library)
        // musl knows an object by the name that was asked for; glibc by its own name too.
        if (libc !== 'musl' && library.elf.soname) objects.set(library.elf.soname, library)
      }
    }
    if (libc === 'glibc')
      for (const object of added) loading.versions.push(...missingVersions(object, objects))
    return loading
  }
}

/** The program itself, among the names of loaded objects; no library has this name. */
const programName = ''

/** musl answers for the libraries that other C libraries are split into (dynlink.c, `load_library`, `reserved`). */
function isBuiltIn(name: string, libc: Libc): boolean {
  return libc === 'musl' && /^lib(?:c|pthread|rt|m|dl|util|xnet)\./.test(name)
}

/** Libraries without any version definitions are taken as they are; the loader only warns. */
function missingVersions(object: LoadedObject, objects: ReadonlyMap<string, LoadedObject>): MissingVersion[] {
  return object.elf.versionNeeds.flatMap(({ library: name, versions }) => {
    const library = objects.get(name)
    if (library === undefined || library.elf.versionDefinitions.length === 0) return []
    const defined = new Set(library.elf.versionDefinitions)
    return versions
      .filter((version) => !defined.has(version))
      .map((version) => ({ version, neededBy: object, library }))
  })
}
