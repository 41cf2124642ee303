/** Writes archives: the one place where the bytes of a layer are decided. */
import { type CancelOptions, mapOrdered, type Source, throwIfAborted } from '../../base/index.ts'
import type { LayerEntry } from '../entry.ts'
import { blockSize, paddingOf } from '../format/header-block.ts'
import { TarError } from '../tar-error.ts'
import { ChunkPacker } from './chunk-packer.ts'
import { encodeHeader } from './encode-header.ts'
import { PathLedger } from './path-ledger.ts'
import { validateEntry } from './validate-entry.ts'

/** Small files are read ahead side by side: opening one costs more than its bytes do. */
const readAhead = 16
const smallFile = 64 * 1024

const zeros = Buffer.alloc(2 * blockSize)

/** An entry that is ready to be written: its header, with the content behind it unless that is to be streamed. */
interface Prepared {
  pieces: Uint8Array[]
  streamed?: AsyncIterable<Uint8Array>
  padding: number
}

/**
 * Writes an archive: ustar, with a PAX header only for an entry that needs one, ended by two zero blocks. The bytes depend
 * on nothing but the entries: the same on every host and Node version. Entries are written in the order in which they come;
 * sorting them is the caller's part. Sources are opened up to 16 at a time, in order.
 *
 * Throws `TarError`: `TAR_UNSAFE_PATH`, `TAR_INVALID_ENTRY`, `TAR_PATH_CONFLICT`, `TAR_SIZE_MISMATCH`.
 */
export async function* writeTar(
  entries: AsyncIterable<LayerEntry> | Iterable<LayerEntry>,
  { signal }: CancelOptions,
): AsyncGenerator<Uint8Array> {
  const ledger = new PathLedger()
  const packer = new ChunkPacker()
  const prepare = (entry: LayerEntry) => prepareEntry(entry, ledger, signal)
  for await (const { pieces, streamed, padding } of mapOrdered(entries, readAhead, prepare)) {
    for (const piece of pieces) yield* packer.add(piece)
    if (streamed) for await (const chunk of streamed) yield* packer.add(chunk)
    yield* packer.add(zeros.subarray(0, padding))
  }
  yield* packer.add(zeros)
  yield* packer.flush()
}

async function prepareEntry(entry: LayerEntry, ledger: PathLedger, signal: AbortSignal): Promise<Prepared> {
  throwIfAborted(signal)
  validateEntry(entry)
  ledger.add(entry.path, entry.type)
  const pieces = [encodeHeader(entry)]
  const padding = paddingOf(entry.size)
  if (!entry.content) return { pieces, padding }
  const streamed = exactly(entry.content, entry, signal)
  if (entry.size > smallFile) return { pieces, streamed, padding }
  for await (const chunk of streamed) pieces.push(chunk)
  return { pieces, padding }
}

/** The content, with its length checked as it passes. */
async function* exactly(content: Source, entry: LayerEntry, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of content({ signal })) {
    throwIfAborted(signal)
    size += chunk.length
    if (size > entry.size) throw mismatch(entry, `has more than the ${entry.size} bytes it should have`)
    yield chunk
  }
  if (size < entry.size) throw mismatch(entry, `has ${size} bytes instead of ${entry.size}`)
}

function mismatch({ path, size }: LayerEntry, what: string): TarError {
  return new TarError('TAR_SIZE_MISMATCH', `cannot write the layer: ${JSON.stringify(path)} ${what}`, {
    kind: 'environment',
    hint: 'the file changed while it was read; run the command again',
    details: { path, size },
    retryable: true,
  })
}
