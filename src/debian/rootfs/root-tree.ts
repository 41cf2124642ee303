/**
 * What was written so far: keeps two packages from writing one path, and writes through links to folders, as an
 * installation onto a disk would. With merged `/usr`, `/lib` is a link and a package's `lib/x` is `usr/lib/x`.
 */
import { DebianError } from '../debian-error.ts'
import { type DraftEntry, directory } from './draft-entry.ts'

/** What happened to an entry. */
export type Placement =
  /** it is new; `entries` are to be written: folders that were missing above it, then the entry at its real path */
  | { kind: 'new'; entries: readonly DraftEntry[] }
  /** a folder, or the same link, is there already */
  | { kind: 'present' }
  /** something else is there, written by `owner` */
  | { kind: 'conflict'; path: string; owner: string }

interface Node {
  type: DraftEntry['type']
  linkPath?: string | undefined
  owner: string
}

export class RootTree {
  readonly #nodes = new Map<string, Node>()

  /** Whether something is at the path, through links to folders. */
  has(path: string): boolean {
    return this.#nodes.has(this.#inRealFolder(path))
  }

  place(entry: DraftEntry, owner: string): Placement {
    const path = entry.type === 'directory' ? this.realPath(entry.path) : this.#inRealFolder(entry.path)
    const present = this.#nodes.get(path)
    if (path === '' || (present && isSame(present, entry))) return { kind: 'present' }
    if (present) return { kind: 'conflict', path, owner: present.owner }
    const entries = [...this.#missingFolders(path, owner)]
    const linkPath = entry.type === 'hardlink' ? this.#inRealFolder(entry.linkPath ?? '') : entry.linkPath
    this.#nodes.set(path, { type: entry.type, linkPath, owner })
    entries.push({ ...entry, path, ...(linkPath === undefined ? {} : { linkPath }) })
    return { kind: 'new', entries }
  }

  #missingFolders(path: string, owner: string): DraftEntry[] {
    const slash = path.lastIndexOf('/')
    const folder = slash < 0 ? '' : path.slice(0, slash)
    if (folder === '' || this.#nodes.has(folder)) return []
    const above = this.#missingFolders(folder, owner)
    this.#nodes.set(folder, { type: 'directory', owner })
    return [...above, directory(folder)]
  }

  #inRealFolder(path: string): string {
    const slash = path.lastIndexOf('/')
    if (slash < 0) return path
    const folder = this.realPath(path.slice(0, slash))
    return folder === '' ? path.slice(slash + 1) : `${folder}${path.slice(slash)}`
  }

  /** The path with every link in it followed. */
  realPath(path: string): string {
    const pending = path.split('/')
    let real: string[] = []
    for (let links = 0; pending.length > 0; ) {
      const segment = pending.shift() as string
      if (segment === '' || segment === '.') continue
      if (segment === '..') {
        real.pop()
        continue
      }
      real.push(segment)
      const node = this.#nodes.get(real.join('/'))
      if (node?.type !== 'symlink' || node.linkPath === undefined) continue
      if (++links > 40) throw tooManyLinks(path)
      real = node.linkPath.startsWith('/') ? [] : real.slice(0, -1)
      pending.unshift(...node.linkPath.split('/'))
    }
    return real.join('/')
  }
}

function tooManyLinks(path: string): DebianError {
  return new DebianError('DEBIAN_PACKAGE_MALFORMED', `/${path} goes through too many symbolic links`, {
    kind: 'environment',
    details: { path },
  })
}

/** Whether an entry may be left out: dpkg keeps a folder where a package has a link, and a link that is the same. */
function isSame(present: Node, entry: DraftEntry): boolean {
  if (present.type === 'directory') return entry.type === 'directory' || entry.type === 'symlink'
  return present.type === 'symlink' && entry.type === 'symlink' && present.linkPath === entry.linkPath
}
