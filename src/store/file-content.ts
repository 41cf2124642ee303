/** Content of files, and files from content. */
import { type FileHandle, open } from 'node:fs/promises'
import { type Source, throwIfAborted } from '../base/index.ts'
import { diskFailure } from './disk-failure.ts'

const chunkBytes = 256 * 1024

/** A file's bytes, or those from `start` (and at most `length` of them). Opens the file when it is iterated. */
export function fileSource(path: string, start = 0, length = Number.POSITIVE_INFINITY): Source {
  return async function* ({ signal }) {
    try {
      const file = await open(path)
      try {
        yield* read(file, start, length, signal)
      } finally {
        await file.close()
      }
    } catch (error) {
      throw diskFailure(error, `read ${path}`)
    }
  }
}

async function* read(file: FileHandle, start: number, length: number, signal: AbortSignal) {
  let position = start
  const end = start + length
  while (position < end) {
    throwIfAborted(signal)
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, end - position))
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position)
    if (bytesRead === 0) return
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** Writes a new file and brings it to the disk. Throws what the content throws; a file begun is left to the caller. */
export async function writeFileFrom(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const chunk of content) {
      throwIfAborted(signal)
      await file.appendFile(chunk)
    }
    await file.datasync()
  } finally {
    await file.close()
  }
}
