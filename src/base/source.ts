/**
 * Byte streams. Content is a function that opens a *fresh* stream each time it is called, so that hashing, a retry and
 * an upload can each read it. Node and Web streams appear only at the rim, where a codec or `fetch` hands one over.
 */
import { CodedError } from './errors.ts'

export interface CancelOptions {
  signal: AbortSignal
}

/** Re-openable content: each call opens a new stream of the same bytes. */
export type Source = (options: CancelOptions) => AsyncIterable<Uint8Array>

/** Content held in memory. */
export function fromBytes(bytes: Uint8Array): Source {
  return async function* () {
    if (bytes.byteLength > 0) yield bytes
  }
}

/** Content that is the UTF-8 encoding of `text`. */
export function fromText(text: string): Source {
  return fromBytes(new TextEncoder().encode(text))
}

/**
 * Reads a stream into one array. Throws `CodedError` `CONTENT_TOO_LARGE` as soon as more than `limit` bytes have arrived;
 * `what` names the content in that error.
 */
export async function collect(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
  what: string,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > limit) {
      throw new CodedError('CONTENT_TOO_LARGE', `${what} is larger than ${limit} bytes`, {
        kind: 'environment',
        details: { limit },
      })
    }
    chunks.push(chunk)
  }
  const only = chunks[0]
  return chunks.length === 1 && only ? only : Buffer.concat(chunks, size)
}
