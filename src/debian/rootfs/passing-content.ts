import type { CancelOptions, Source } from '../../base/index.ts'
import type { TarEntry } from '../../tar/index.ts'

/**
 * Content of an archive's member that passes by: taken from the stream when it is asked for in time, else by reading the
 * archive again. `leave` is to be called when the archive goes on.
 */
export function passingContent(
  entry: TarEntry,
  reopen: (options: CancelOptions) => AsyncIterable<TarEntry>,
): { content: Source; leave: () => void } {
  let isHere = true
  const leave = () => {
    isHere = false
  }
  const again: Source = async function* (options) {
    for await (const candidate of reopen(options)) {
      if (candidate.rawPath !== entry.rawPath) continue
      yield* candidate.body
      return
    }
  }
  const content: Source = (options) => {
    if (!isHere) return again(options)
    leave()
    return entry.body
  }
  return { content, leave }
}
