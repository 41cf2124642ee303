import type { FileTree, TreeNode } from '../tree/file-tree.ts'

/** Bytes of the files below a folder, or of one file. */
export function bytesBelow(tree: FileTree, node: TreeNode | undefined): number {
  if (node === undefined) return 0
  let bytes = 0
  for (const { size } of tree.nodes(node)) bytes += size
  return bytes
}
