/**
 * Xz decoding (https://tukaani.org/xz/xz-file-format.txt) with a pinned WebAssembly build of xz-embedded: stream after stream,
 * stream padding and CRC-32 and CRC-64 checks included, dictionaries up to 64 MiB (`xz -9`).
 *
 * The package offers a Web stream, which keeps one lock for the whole process and loses it when a stream is cancelled early;
 * so its WebAssembly functions are driven here.
 */
import xz from 'xz-decompress'
import { InternalError } from '../../base/index.ts'
import { TarError } from '../tar-error.ts'
import { compressionMalformed, compressionTruncated } from './codec-error.ts'

interface XzEmbedded {
  /** replaced by a larger one when the library needs it */
  memory: { readonly buffer: ArrayBuffer }
  create_context(): number
  destroy_context(context: number): void
  supply_input(context: number, size: number): void
  get_next_output(context: number): number
}

/** The words of a context, each of 32 bits. */
const words = { bufferSize: 0, input: 1, inputPosition: 2, inputSize: 3, output: 4, outputPosition: 5 }

/** enum xz_ret */
const results = {
  ok: 0,
  streamEnd: 1,
  noMemory: 3,
  memoryLimit: 4,
  unsupportedOptions: 6,
  outOfInput: 8,
}

let loading: Promise<XzEmbedded> | undefined

// oxlint-disable no-underscore-dangle -- the package's names
async function load(): Promise<XzEmbedded> {
  const shared = xz.XzReadableStream as unknown as {
    _getModuleInstance(): Promise<void>
    _moduleInstance?: { exports: unknown }
  }
  await shared._getModuleInstance()
  if (!shared._moduleInstance) throw new InternalError('the xz decoder has no WebAssembly instance')
  return shared._moduleInstance.exports as XzEmbedded
}
// oxlint-enable no-underscore-dangle

export async function* unxz(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  loading ??= load()
  const decoder = new StreamDecoder(await loading, name)
  try {
    for await (const chunk of stream) yield* decoder.decode(chunk)
    yield* decoder.finish()
  } finally {
    decoder.close()
  }
}

class StreamDecoder {
  readonly #xz: XzEmbedded
  readonly #name: string
  readonly #context: number

  constructor(library: XzEmbedded, name: string) {
    this.#xz = library
    this.#name = name
    this.#context = library.create_context()
  }

  *decode(chunk: Uint8Array): Generator<Uint8Array> {
    const size = this.#word(words.bufferSize)
    for (let start = 0; start < chunk.length; start += size) {
      const input = chunk.subarray(start, start + size)
      new Uint8Array(this.#xz.memory.buffer).set(input, this.#word(words.input))
      this.#xz.supply_input(this.#context, input.length)
      yield* this.#run()
    }
  }

  /** Without more input the decoder wants to be at the end of a stream. */
  *finish(): Generator<Uint8Array> {
    this.#xz.supply_input(this.#context, 0)
    const result = yield* this.#run()
    if (result !== results.streamEnd) throw compressionTruncated(this.#name, 'xz')
  }

  close(): void {
    this.#xz.destroy_context(this.#context)
  }

  /** Decodes until the input is used up and everything is put out. */
  *#run(): Generator<Uint8Array, number> {
    for (;;) {
      const result = this.#xz.get_next_output(this.#context)
      this.#check(result)
      const produced = this.#word(words.outputPosition)
      if (produced > 0) {
        yield new Uint8Array(this.#xz.memory.buffer, this.#word(words.output), produced).slice()
        this.#setWord(words.outputPosition, 0)
      }
      const used = this.#word(words.inputPosition) === this.#word(words.inputSize)
      if (result === results.streamEnd || (used && produced < this.#word(words.bufferSize))) return result
    }
  }

  #check(result: number): void {
    switch (result) {
      case results.ok:
      case results.streamEnd:
        return
      case results.outOfInput:
        throw compressionTruncated(this.#name, 'xz')
      case results.noMemory:
      case results.memoryLimit:
        throw new TarError(
          'COMPRESSION_LIMIT',
          `${this.#name} needs more than 64 MiB of memory to be decompressed`,
          {
            kind: 'environment',
          },
        )
      case results.unsupportedOptions:
        throw new TarError(
          'COMPRESSION_UNSUPPORTED',
          `${this.#name} has xz data of a kind that cannot be read`,
          {
            kind: 'environment',
            hint: 'LZMA2 without other filters can, checked by CRC-32, CRC-64 or not at all',
          },
        )
      default:
        throw compressionMalformed(
          this.#name,
          'xz',
          undefined,
          'corrupt data, or bytes that are no xz stream',
        )
    }
  }

  #word(index: number): number {
    return new Uint32Array(this.#xz.memory.buffer, this.#context, 6)[index] as number
  }

  #setWord(index: number, value: number): void {
    new Uint32Array(this.#xz.memory.buffer, this.#context, 6)[index] = value
  }
}
