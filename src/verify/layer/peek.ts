/** The beginning of a stream, and the way to the rest of it. */
export interface Peeked {
  /** at least as many bytes as were asked for, unless the stream is shorter */
  head: Uint8Array
  /** what follows the head; stays unread when it is not asked for */
  rest: AsyncIterator<Uint8Array>
}

export async function peek(stream: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const rest = stream[Symbol.asyncIterator]()
  const chunks: Uint8Array[] = []
  for (let length = 0; length < bytes; ) {
    const { done, value } = await rest.next()
    if (done) break
    chunks.push(value)
    length += value.byteLength
  }
  const [first] = chunks
  return { head: chunks.length === 1 && first ? first : Buffer.concat(chunks), rest }
}
