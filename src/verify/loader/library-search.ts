/** Where a loader looks for a library, and what it takes. */
import type { Elf, Libc } from '../../elf/index.ts'
import { type FileTree, folderOf, type TreeNode } from '../tree/file-tree.ts'
import { GlibcPlaces } from './glibc-places.ts'
import { MuslPlaces } from './musl-places.ts'
import type { Need, Places } from './need.ts'

export type SearchResult = { node: TreeNode; elf: Elf; origin: string } | NotFound

export interface NotFound {
  /** folders in which it was looked for, in this order */
  searched: string[]
  /** the first file of that name, where the loader gives up over it instead of looking further */
  refused?: TreeNode
}

export class LibrarySearch {
  readonly #tree: FileTree
  readonly #glibc: Places
  readonly #musl: Places

  constructor(tree: FileTree, libraryPath: string | undefined) {
    this.#tree = tree
    this.#glibc = new GlibcPlaces(tree, libraryPath)
    this.#musl = new MuslPlaces(tree, libraryPath)
  }

  find(name: string, libc: Libc, need: Need): SearchResult {
    const places = libc === 'musl' ? this.#musl : this.#glibc
    const searched = new Set<string>()
    for (const path of places.pathsOf(name, need)) {
      searched.add(folderOf(path) || '/')
      const node = this.#tree.find(path)
      if (node === undefined) continue
      const elf = loadableAs(node, need.object.elf)
      if (elf) return { node, elf, origin: folderOf(path) || '/' }
      if (places.stopsAt(node)) return { searched: [...searched], refused: node }
    }
    return { searched: [...searched] }
  }
}

/** What the file is, when it is for the same machine. */
function loadableAs({ content }: TreeNode, { machine, class: width }: Elf): Elf | undefined {
  if (content?.kind !== 'elf') return undefined
  return content.elf.machine === machine && content.elf.class === width ? content.elf : undefined
}
