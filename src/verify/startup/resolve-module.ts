/** Finding the file that node would load (Node.js documentation, "CommonJS modules", "All together"). */
import { type FileTree, folderOf, type TreeNode } from '../tree/file-tree.ts'

const extensions = ['', '.js', '.json', '.node']

/** The file for a path; undefined when node would say "Cannot find module". */
export function resolveFile(tree: FileTree, path: string): TreeNode | undefined {
  const direct = withExtension(tree, path)
  if (direct) return direct
  const folder = tree.find(path)
  if (!folder?.children) return undefined
  const manifest = tree.find(`${path}/package.json`)?.content
  const main = manifest?.kind === 'package' ? manifest.manifest.main : undefined
  const named =
    main === undefined
      ? undefined
      : (withExtension(tree, `${path}/${main}`) ?? withExtension(tree, `${path}/${main}/index`))
  return named ?? withExtension(tree, `${path}/index`)
}

function withExtension(tree: FileTree, path: string): TreeNode | undefined {
  for (const extension of extensions) {
    const node = tree.find(`${path}${extension}`)
    if (node && !node.children) return node
  }
  return undefined
}

/** Whether a package of this name is installed where a module in `folder` looks for it. */
export function hasPackage(tree: FileTree, specifier: string, folder: string): boolean {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  for (let at = folder.replace(/^\//, ''); ; at = folderOf(at)) {
    if (tree.find(`${at}/node_modules/${name}`)?.children) return true
    if (at === '') return false
  }
}
