export { buildTree } from './build-tree.ts'
export { FileTree, folderOf, nameOf, segmentsOf, type TreeNode, type TreeProblem } from './file-tree.ts'
export type { LayerMember, MemberDetails } from './layer-member.ts'
