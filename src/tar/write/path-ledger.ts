/**
 * The paths of an archive being written, so that it cannot contradict itself: no path twice, nothing below something that is
 * not a directory. Extractors disagree on such archives, some follow a link that an earlier entry made.
 */
import type { EntryType } from '../entry.ts'
import { TarError } from '../tar-error.ts'

export class PathLedger {
  /** every path written, and every directory that was only implied by a path below it */
  readonly #kinds = new Map<string, EntryType | 'implied'>()

  /** Enters a path. Throws `TarError` `TAR_PATH_CONFLICT` when it contradicts one that was entered before. */
  add(path: string, type: EntryType): void {
    const earlier = this.#kinds.get(path)
    if (earlier !== undefined && !(earlier === 'implied' && type === 'directory')) {
      throw earlier === 'implied'
        ? conflict(path, `is a ${type}, but entries below it were written before`)
        : conflict(path, 'is there twice')
    }
    this.#kinds.set(path, type)
    this.#addParents(path)
  }

  #addParents(path: string): void {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const parent = path.slice(0, end)
      const kind = this.#kinds.get(parent)
      if (kind === undefined) this.#kinds.set(parent, 'implied')
      else if (kind === 'directory' || kind === 'implied')
        return // whose own parents were entered with it
      else throw conflict(path, `is below ${JSON.stringify(parent)}, which is a ${kind}`)
    }
  }
}

function conflict(path: string, what: string): TarError {
  return new TarError('TAR_PATH_CONFLICT', `cannot write the layer: ${JSON.stringify(path)} ${what}`, {
    kind: 'usage',
    details: { path },
  })
}
