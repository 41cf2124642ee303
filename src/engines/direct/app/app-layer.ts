/** The files of the app, as entries of its layer: folders before their contents, root-owned, one modification time. */
import { createReadStream, readFileSync } from 'node:fs'
import { compareText, type Source } from '../../../base/index.ts'
import type { ContextEntry } from '../../../project/index.ts'
import type { LayerEntry } from '../../../tar/index.ts'

export interface AppFile {
  entry: ContextEntry
  /** absolute path of the file on this machine */
  from: string
}

export interface AppLayerInput {
  /** folder of the image without leading slash, such as `app` */
  prefix: string
  files: readonly AppFile[]
  /** paths below the prefix that earlier layers have and this one hides */
  remove: readonly string[]
  mtime: number
  /** called with the path of each file that contains `needle` */
  watch?: { needle: string; found(path: string): void }
}

/** Sorted entries. Parents that nobody listed are added. */
export function* appLayerEntries({
  prefix,
  files,
  remove,
  mtime,
  watch,
}: AppLayerInput): Generator<LayerEntry> {
  const entries = new Map<string, LayerEntry>()
  const header = { uid: 0, gid: 0, mtime, size: 0 }
  const addFolders = (path: string) => {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/')
      if (!entries.has(folder))
        entries.set(folder, { ...header, path: folder, type: 'directory', mode: 0o755 })
    }
  }
  for (const { entry, from } of files) {
    const path = `${prefix}/${entry.path}`
    addFolders(path)
    if (entry.type === 'directory') entries.set(path, { ...header, path, type: 'directory', mode: 0o755 })
    else if (entry.type === 'symlink') {
      entries.set(path, { ...header, path, type: 'symlink', mode: 0o777, linkPath: entry.target })
    } else {
      const { size, executable } = entry
      const content = watched(fileSource(from, size), path, watch)
      entries.set(path, { ...header, path, type: 'file', mode: executable ? 0o755 : 0o644, size, content })
    }
  }
  for (const removed of remove) {
    const slash = removed.lastIndexOf('/') + 1
    const path = `${prefix}/${removed.slice(0, slash)}.wh.${removed.slice(slash)}`
    addFolders(path)
    entries.set(path, { ...header, path, type: 'file', mode: 0o644 })
  }
  yield* [...entries.values()].sort((a, b) => comparePaths(a.path, b.path))
}

/** Orders so that a folder's contents follow it directly: by segments. */
function comparePaths(a: string, b: string): number {
  return compareText(a.replaceAll('/', '\0'), b.replaceAll('/', '\0'))
}

/** Files up to this size are read at once: opening a stream for each would take longer than reading them. */
const smallFile = 64 << 10

function fileSource(path: string, size: number): Source {
  if (size > smallFile) return ({ signal }) => createReadStream(path, { highWaterMark: 1 << 18, signal })
  return async function* () {
    yield readFileSync(path)
  }
}

function watched(content: Source, path: string, watch: AppLayerInput['watch']): Source {
  if (!watch) return content
  const needle = Buffer.from(watch.needle)
  return async function* (options) {
    let tail = Buffer.alloc(0)
    let seen = false
    for await (const chunk of content(options)) {
      if (!seen) {
        const window = Buffer.concat([tail, chunk])
        seen = window.includes(needle)
        if (seen) watch.found(path)
        tail = window.subarray(Math.max(0, window.length - needle.length + 1))
      }
      yield chunk
    }
  }
}
