/** The `ar` archives that .deb files are (deb(5)): a magic line, then members with headers of 60 bytes, padded to even offsets. */
import { type CancelOptions, throwIfAborted } from '../../base/index.ts'
import type { DebianError } from '../debian-error.ts'

export interface ArMember {
  name: string
  /** bytes */
  size: number
  /** to be read at most once, and before the next member is asked for; what is not read is skipped */
  body: AsyncIterable<Uint8Array>
}

const magic = '!<arch>\n'
const headerBytes = 60

/** Reads the members of an archive in order. Throws what `malformed` makes of a reason. */
export async function* readAr(
  stream: AsyncIterable<Uint8Array>,
  malformed: (why: string) => DebianError,
  { signal }: CancelOptions,
): AsyncGenerator<ArMember> {
  const input = byteReader(stream)
  try {
    if (text(await input.take(magic.length)) !== magic) throw malformed('is no ar archive')
    for (;;) {
      throwIfAborted(signal)
      const header = text(await input.take(headerBytes))
      if (header === '') return
      const size = Number(header.slice(48, 58).trim())
      if (header.length < headerBytes) throw malformed('ends inside a header')
      if (!header.endsWith('`\n') || !/^\d+ *$/.test(header.slice(48, 58)))
        throw malformed('has a header that is none')
      let left = size
      const body = async function* () {
        while (left > 0) {
          const chunk = await input.upTo(left)
          if (chunk.byteLength === 0) throw malformed('ends inside a member')
          left -= chunk.byteLength
          yield chunk
        }
      }
      yield { name: header.slice(0, 16).trimEnd().replace(/\/$/, ''), size, body: body() }
      while (left > 0) {
        const skipped = await input.upTo(left)
        if (skipped.byteLength === 0) throw malformed('ends inside a member')
        left -= skipped.byteLength
      }
      if (size % 2 === 1) await input.take(1)
    }
  } finally {
    await input.close()
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** Takes pieces of any length from a stream of chunks. */
function byteReader(stream: AsyncIterable<Uint8Array>) {
  const iterator = stream[Symbol.asyncIterator]()
  let rest: Uint8Array = new Uint8Array(0)
  /** At least one byte and at most `count`; none at the end. */
  const upTo = async (count: number): Promise<Uint8Array> => {
    while (rest.byteLength === 0) {
      const { done, value } = await iterator.next()
      if (done) return rest
      rest = value
    }
    const piece = rest.subarray(0, count)
    rest = rest.subarray(count)
    return piece
  }
  return {
    upTo,
    /** Exactly `count` bytes; fewer only at the end. */
    take: async (count: number): Promise<Uint8Array> => {
      const pieces: Uint8Array[] = []
      for (let missing = count; missing > 0; ) {
        const piece = await upTo(missing)
        if (piece.byteLength === 0) break
        pieces.push(piece)
        missing -= piece.byteLength
      }
      return Buffer.concat(pieces)
    },
    close: async () => {
      await iterator.return?.()
    },
  }
}
