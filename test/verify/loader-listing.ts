/** What is compared of two loaders: `name => file` for every library of a file, links followed. */
import type { Elf, Libc } from '../../src/elf/index.ts'
import type { DynamicLoader, MissingLibrary } from '../../src/verify/loader/dynamic-loader.ts'
import type { FileTree, TreeNode } from '../../src/verify/tree/file-tree.ts'

export interface DynamicFile {
  node: TreeNode
  elf: Elf
}

/** Every ELF file that needs a library. */
export function dynamicFiles(tree: FileTree): DynamicFile[] {
  return [...tree.nodes()].flatMap((node) =>
    node.content?.kind === 'elf' && node.content.elf.needed.length > 0
      ? [{ node, elf: node.content.elf }]
      : [],
  )
}

/** What the product's loader makes of a file. */
export function ownListing(loader: DynamicLoader, { node, elf }: DynamicFile, libc: Libc): string[] {
  const { objects, missing } = loader.load(node, elf, libc)
  const names = new Set([...objects.values()].flatMap((object) => object.elf.needed))
  const found = [...names].flatMap((name) => {
    const object = objects.get(name)
    return object ? [`${name} => ${object.node.path}`] : []
  })
  // What musl maps before it finds out that it is for another machine, it lists.
  const mapped = ({ refused }: MissingLibrary) =>
    refused?.content?.kind === 'elf' ? refused.path : 'not found'
  return sorted([...found, ...missing.map((one) => `${one.name} => ${mapped(one)}`)])
}

/** The lines `NAME => FILE` of a real one; `not found` stays as it is. */
export function realListing(lines: Iterable<string>, tree: FileTree): string[] {
  const found = [...lines].flatMap((line) => {
    const [, name, path] = /^\s+(\S+) => (not found|\S+)/.exec(line) ?? []
    if (name === undefined || path === undefined) return []
    return [`${name} => ${path === 'not found' ? path : tree.find(path)?.path}`]
  })
  return sorted(found)
}

/** Loaders and C libraries are left out: they are there before anything is searched. */
function sorted(lines: readonly string[]): string[] {
  return [...new Set(lines)].filter((line) => !/^(?:ld-linux|libc\.so |libc\.musl-)/.test(line)).sort()
}
