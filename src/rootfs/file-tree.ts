/** The file system that a container of the image sees: layers laid over one another, links followed inside of it. */
import type { EntryType, PathProblem } from '../tar/index.ts'

/** A file or folder of the final file system, with what the reader of its layer kept of it. */
export interface TreeNode<Content = unknown> {
  /** absolute, without the leading slash; '' is the root */
  path: string
  type: EntryType
  mode: number
  size: number
  /** the position of the layer that brought it */
  layer: number
  /** target of a symbolic link, as it stands */
  link?: string
  content?: Content
  /** of a directory */
  children?: Map<string, TreeNode<Content>>
}

/** What was odd about laying the layers over one another. */
export interface TreeProblem {
  problem: PathProblem | 'hard-link-to-nowhere' | 'through-symlink'
  path: string
  layer: number
  link?: string
}

/** Linux gives up after 40 links. */
const maxLinks = 40

export class FileTree<Content = unknown> {
  readonly root: TreeNode<Content> = {
    path: '',
    type: 'directory',
    mode: 0o755,
    size: 0,
    layer: 0,
    children: new Map(),
  }
  readonly problems: TreeProblem[] = []

  /** What stands at an absolute path, symbolic links followed, the last one too; undefined when nothing does. */
  find(path: string): TreeNode<Content> | undefined {
    return this.#walk(path, true)
  }

  /** The same, but a symbolic link at the end is the result. */
  findLink(path: string): TreeNode<Content> | undefined {
    return this.#walk(path, false)
  }

  /** Every node below one, parents first, each name once; links are not followed. */
  *nodes(from: TreeNode<Content> = this.root): Generator<TreeNode<Content>> {
    const waiting = [from]
    for (let node = waiting.pop(); node; node = waiting.pop()) {
      if (node !== this.root) yield node
      // One by one: a folder may have more entries than a call may have arguments.
      for (const child of node.children?.values() ?? []) waiting.push(child)
    }
  }

  #walk(path: string, followLast: boolean): TreeNode<Content> | undefined {
    let segments = segmentsOf(path)
    const trail: TreeNode<Content>[] = [this.root]
    let links = 0
    while (segments.length > 0) {
      const [name = '', ...rest] = segments
      segments = rest
      if (name === '..') {
        if (trail.length > 1) trail.pop()
        continue
      }
      const node = trail.at(-1)?.children?.get(name)
      if (node === undefined) return undefined
      if (node.type === 'symlink' && (followLast || rest.length > 0)) {
        if (++links > maxLinks) return undefined
        const target = node.link ?? ''
        if (target.startsWith('/')) trail.length = 1
        segments = [...segmentsOf(target), ...rest]
        continue
      }
      if (rest.length > 0 && !node.children) return undefined
      trail.push(node)
    }
    return trail.at(-1)
  }
}

/** Names of a path; empty ones and '.' dropped. */
export function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.')
}

/** The folder that a path is in; '' for names at the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
