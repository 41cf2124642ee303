/**
 * Zstd decoding (RFC 8878) with a pinned WebAssembly build of libzstd: the same on every Node version (node:zlib has zstd from
 * 22.15 on), frame after frame, skippable frames and checksums included, windows up to 128 MiB as libzstd itself allows.
 *
 * The package offers a decoder too, but that one ends in an endless loop on malformed data; so the library's own streaming
 * interface is driven here.
 */
import { ZSTDDecoder } from 'zstddec/stream'
import { TarError } from '../tar-error.ts'
import { compressionMalformed, compressionTruncated } from './codec-error.ts'

/** What we call of zstd.h; pointers and sizes are 32-bit numbers. */
interface Libzstd {
  /** replaced by a larger one when the library needs it */
  memory: { readonly buffer: ArrayBuffer }
  malloc(size: number): number
  free(pointer: number): void
  ZSTD_createDCtx(): number
  ZSTD_freeDCtx(context: number): number
  ZSTD_decompressStream(context: number, output: number, input: number): number
}

const inputSize = 128 * 1024
const outputSize = 128 * 1024 // a block's maximum, so that each call can hand over what it decoded

/** The numbers of zstd_errors.h that get a text of their own. */
const errorTexts: Record<number, string> = {
  10: 'bytes that are no zstd frame',
  14: 'a frame parameter that the format does not have',
  20: 'corrupt data',
  22: 'the checksum does not match',
}
const errors = { windowTooLarge: 16, dictionaryWrong: 32, outOfMemory: 64, max: 120 }

let loading: Promise<Libzstd> | undefined

/** Instantiates the library once; the package keeps the instance for itself, except for this one hook. */
function loadLibzstd(): Promise<Libzstd> {
  loading ??= new Promise((resolve, reject) => {
    const decoder = new ZSTDDecoder()
    // oxlint-disable no-underscore-dangle -- the package's name for the hook
    const keep = decoder._init
    decoder._init = (result: { instance: { exports: unknown } }) => {
      keep(result)
      resolve(result.instance.exports as Libzstd)
    }
    // oxlint-enable no-underscore-dangle
    decoder.init().catch(reject)
  })
  return loading
}

export async function* unzstd(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const decoder = new StreamDecoder(await loadLibzstd(), name)
  try {
    for await (const chunk of stream) {
      for (let start = 0; start < chunk.length; start += inputSize) {
        yield* decoder.decode(chunk.subarray(start, start + inputSize))
      }
    }
    if (!decoder.isBetweenFrames) throw compressionTruncated(name, 'zstd')
  } finally {
    decoder.close()
  }
}

class StreamDecoder {
  /** false before the first frame and inside of one */
  isBetweenFrames = false
  readonly #zstd: Libzstd
  readonly #name: string
  readonly #context: number
  /** one allocation: both buffers, and behind them a ZSTD_outBuffer and a ZSTD_inBuffer of three words each */
  readonly #memory: number

  constructor(zstd: Libzstd, name: string) {
    this.#zstd = zstd
    this.#name = name
    this.#context = zstd.ZSTD_createDCtx()
    this.#memory = zstd.malloc(inputSize + outputSize + 24)
    if (this.#context === 0 || this.#memory === 0) throw this.#outOfMemory()
  }

  /** Decodes at most `inputSize` bytes. */
  *decode(input: Uint8Array): Generator<Uint8Array> {
    const { memory } = this.#zstd
    const inputAt = this.#memory
    const outputAt = inputAt + inputSize
    const outputState = outputAt + outputSize
    const inputState = outputState + 12
    new Uint8Array(memory.buffer).set(input, inputAt)
    new Uint32Array(memory.buffer, inputState, 3).set([inputAt, input.length, 0])
    for (;;) {
      new Uint32Array(memory.buffer, outputState, 3).set([outputAt, outputSize, 0])
      const result = this.#zstd.ZSTD_decompressStream(this.#context, outputState, inputState) >>> 0
      if (result > 2 ** 32 - errors.max) throw this.#failure(2 ** 32 - result)
      this.isBetweenFrames = result === 0
      // The memory's buffer is another one after the library has let it grow.
      const [, , produced = 0, , , consumed = 0] = new Uint32Array(memory.buffer, outputState, 6)
      if (produced > 0) yield new Uint8Array(memory.buffer, outputAt, produced).slice()
      // At the end of a frame a further call would begin the next one.
      if (consumed === input.length && (produced < outputSize || this.isBetweenFrames)) return
    }
  }

  close(): void {
    this.#zstd.ZSTD_freeDCtx(this.#context)
    this.#zstd.free(this.#memory)
  }

  #failure(number: number): TarError {
    switch (number) {
      case errors.windowTooLarge:
        return new TarError('COMPRESSION_LIMIT', `${this.#name} needs more than 128 MiB to be decompressed`, {
          kind: 'environment',
          hint: 'it was compressed with a larger window (zstd --ultra, --long), which container engines refuse too',
        })
      case errors.dictionaryWrong:
        return new TarError(
          'COMPRESSION_UNSUPPORTED',
          `${this.#name} was compressed with a zstd dictionary`,
          {
            kind: 'environment',
          },
        )
      case errors.outOfMemory:
        return this.#outOfMemory()
      default:
        return compressionMalformed(
          this.#name,
          'zstd',
          undefined,
          errorTexts[number] ?? `libzstd error ${number}`,
        )
    }
  }

  #outOfMemory(): TarError {
    return new TarError('COMPRESSION_LIMIT', `${this.#name}: there is no memory left to decompress it`, {
      kind: 'environment',
      retryable: true,
    })
  }
}
