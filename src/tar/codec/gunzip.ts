/**
 * Gzip decoding with node:zlib on libuv's thread pool, member after member (RFC 1952, 2.2). zlib's stream stops quietly at a
 * zero byte behind a member; here zeros are padding, as for GNU gzip, and anything else behind them is an error.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import { codeOf } from '../../base/index.ts'
import { compressionMalformed, compressionTruncated } from './codec-error.ts'

export async function* gunzip(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const decoder = createGunzip({ chunkSize: 256 * 1024 })
  const fed = feed(stream, decoder, name).catch((error: unknown) => {
    decoder.destroy(error as Error)
    throw error
  })
  fed.catch(() => {}) // observed below; this only silences the early warning
  try {
    for await (const chunk of decoder) yield chunk as Uint8Array
    await fed
  } catch (error) {
    const code = codeOf(error)
    if (code === 'Z_BUF_ERROR') throw compressionTruncated(name, 'gzip', error)
    if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT') throw compressionMalformed(name, 'gzip', error)
    throw error
  } finally {
    decoder.destroy()
    await fed.catch(() => {})
  }
}

/** Writes the stream into the decoder, chunk by chunk as it takes them. Returns early when the decoder is destroyed. */
async function feed(stream: AsyncIterable<Uint8Array>, decoder: Gunzip, name: string): Promise<void> {
  let fed = 0
  let ended = false
  for await (const chunk of stream) {
    let rest = chunk
    if (!ended) {
      await written(decoder, chunk)
      if (decoder.destroyed) return
      fed += chunk.length
      const unused = fed - decoder.bytesWritten
      ended = unused > 0
      rest = chunk.subarray(chunk.length - unused)
    }
    if (ended && rest.some((byte) => byte !== 0)) {
      throw compressionMalformed(name, 'gzip', undefined, 'bytes that are no gzip member follow the last one')
    }
  }
  if (!ended) decoder.end()
}

/** Resolves when the decoder has taken the chunk, or is gone. */
function written(decoder: Gunzip, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    decoder.once('close', resolve)
    decoder.write(chunk, () => {
      decoder.off('close', resolve)
      resolve()
    })
  })
}
