/** A library that a mapped object asks for, and the places in which a C library's loader looks for it. */
import type { Elf } from '../../elf/index.ts'
import type { TreeNode } from '../tree/file-tree.ts'

/** A file that the loader has mapped. */
export interface LoadedObject {
  node: TreeNode
  elf: Elf
  /** the folder that `$ORIGIN` stands for */
  origin: string
  /** the object that needed it; absent for the program, and for an addon */
  neededBy?: LoadedObject
}

export interface Need {
  /** the object whose need it is */
  object: LoadedObject
  program: LoadedObject
  /** of the program: the loader itself */
  interpreter: string | undefined
}

/** How one C library's loader looks for a file. */
export interface Places {
  /** paths at which a library of this name could be, in the loader's order */
  pathsOf(name: string, need: Need): Iterable<string>
  /** whether a file that cannot be loaded ends the search */
  stopsAt(file: TreeNode): boolean
}

/** The object, what needed it, and so on; at the end the program. */
export function chainOf({ object, program }: Need): LoadedObject[] {
  const chain: LoadedObject[] = []
  for (let link: LoadedObject | undefined = object; link; link = link.neededBy) chain.push(link)
  return chain.at(-1) === program ? chain : [...chain, program]
}
