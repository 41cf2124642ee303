/** Where a path of the image is on this machine, with every symbolic link read as a process inside would. */
import { lstat, readlink } from 'node:fs/promises'
import { join, posix } from 'node:path'

/** as many as Linux follows */
const maxLinks = 40

/** `path` is absolute inside the root; undefined when it is not there. */
export async function pathInside(root: string, path: string): Promise<string | undefined> {
  const pending = path.split('/')
  let at = '/'
  for (let links = 0; pending.length > 0; ) {
    const next = posix.join(at, pending.shift() ?? '')
    const info = await lstat(join(root, next)).catch(() => undefined)
    if (!info) return undefined
    if (!info.isSymbolicLink()) {
      at = next
      continue
    }
    if (++links > maxLinks) return undefined
    const target = await readlink(join(root, next)).catch(() => '')
    pending.unshift(...target.split('/'))
    if (target.startsWith('/')) at = '/'
  }
  return join(root, at)
}
