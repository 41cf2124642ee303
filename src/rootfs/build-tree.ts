/**
 * Lays layers over one another (OCI image specification, layer.md, "Applying Changesets"), as containerd and Docker do it:
 * whiteouts hide what lower layers have, an opaque directory hides everything in it, a directory over anything else replaces
 * it, and parents that are symbolic links are followed.
 */
import { FileTree, folderOf, nameOf, segmentsOf, type TreeNode } from './file-tree.ts'
import type { LayerMember } from './layer-member.ts'

const whiteout = '.wh.'
const opaque = '.wh..wh..opq'
const maxProblems = 1000

/** The file system of these layers, lowest first. */
export function buildTree<Content>(
  layers: readonly { readonly members: readonly LayerMember<Content>[] }[],
): FileTree<Content> {
  const tree = new FileTree<Content>()
  layers.forEach(({ members }, layer) => {
    // Whiteouts hide lower layers only, wherever they stand in their own.
    for (const [path] of members) {
      if (nameOf(path).startsWith(whiteout)) hide(tree, path)
    }
    for (const member of members) {
      if (!nameOf(member[0]).startsWith(whiteout)) add(tree, member, layer)
    }
  })
  return tree
}

function hide(tree: FileTree, path: string): void {
  const folder = tree.find(folderOf(path))
  if (nameOf(path) === opaque) folder?.children?.clear()
  else folder?.children?.delete(nameOf(path).slice(whiteout.length))
}

function add<Content>(
  tree: FileTree<Content>,
  [path, type, mode, size, details = {}]: LayerMember<Content>,
  layer: number,
): void {
  const problem = (name: FileTree['problems'][number]['problem']) => {
    const link = details.link === undefined ? {} : { link: details.link }
    if (tree.problems.length < maxProblems) tree.problems.push({ problem: name, path, layer, ...link })
  }
  for (const name of details.problems ?? []) problem(name)
  const segments = segmentsOf(path)
  const name = segments.pop()
  if (name === undefined || name === '..' || segments.includes('..')) return
  const folder = makeFolder(tree, segments, layer, () => problem('through-symlink'))
  if (folder === undefined) return
  const at = folder.path === '' ? name : `${folder.path}/${name}`
  if (type === 'hardlink') {
    const target = tree.findLink(details.link ?? '')
    if (target === undefined || target.children) return problem('hard-link-to-nowhere')
    return void folder.children?.set(name, { ...target, path: at, layer })
  }
  const existing = folder.children?.get(name)
  if (type === 'directory' && existing?.children) {
    existing.mode = mode
    existing.layer = layer
    if (details.content) existing.content = details.content
    return
  }
  folder.children?.set(name, {
    path: at,
    type,
    mode,
    size,
    layer,
    ...(type === 'symlink' ? { link: details.link ?? '' } : {}),
    ...(details.content ? { content: details.content } : {}),
    ...(type === 'directory' ? { children: new Map() } : {}),
  })
}

/** The folder that a member goes into, made where it is missing; undefined when its path leads nowhere. */
function makeFolder<Content>(
  tree: FileTree<Content>,
  segments: readonly string[],
  layer: number,
  throughLink: () => void,
): TreeNode<Content> | undefined {
  let folder = tree.root
  for (const name of segments) {
    let next = folder.children?.get(name)
    if (next?.type === 'symlink') {
      // Engines that unpack a layer without those below it make a directory here: the result depends on the engine.
      if (next.layer !== layer) throughLink()
      next = tree.find(next.path)
    }
    if (next === undefined || !next.children) {
      next = {
        path: folder.path === '' ? name : `${folder.path}/${name}`,
        type: 'directory',
        mode: 0o755,
        size: 0,
        layer,
        children: new Map(),
      }
      folder.children?.set(name, next)
    }
    folder = next
  }
  return folder
}
