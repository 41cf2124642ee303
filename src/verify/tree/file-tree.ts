/** The file system that a container of the image sees, with what rules ask of its files. */
import type * as rootfs from '../../rootfs/index.ts'
import type { FileContent } from '../layer/layer-facts.ts'

export type FileTree = rootfs.FileTree<FileContent>
export type TreeNode = rootfs.TreeNode<FileContent>
export { folderOf, nameOf, segmentsOf, type TreeProblem } from '../../rootfs/index.ts'
