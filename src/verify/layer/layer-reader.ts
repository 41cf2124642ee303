/** Layers by digest: each read once, whatever the number of platforms that have it, and not at all when its facts are recorded. */
import { type CancelOptions, limiter, type Limiter } from '../../base/index.ts'
import { compressionOf, type Descriptor, type Digest } from '../../oci/index.ts'
import type { ContentCache, ImageReader } from '../../store/index.ts'
import { contentFailure } from '../content-failure.ts'
import type { LayerReading } from '../rule.ts'
import type { LayerFacts } from './layer-facts.ts'
import { type LayerLimits, readLayer } from './read-layer.ts'

/** Where facts and verdicts are kept between runs; part of the content cache. */
export type VerifyRecords = Pick<ContentCache, 'record' | 'setRecord'>

export interface LayerReaderOptions extends CancelOptions {
  records?: VerifyRecords
  limits?: LayerLimits
  /** layers read at a time: two keep two processors busy with decompression, at 16 MiB of ELF window each */
  concurrency?: number
  /** compressed bytes read, of all layers together */
  onBytes?: (bytes: number) => void
}

const area = 'verify-layer'
/** A change of what is kept of a layer must change this. */
const factsVersion = 2
/** Records of more members cost more to keep than to read again. */
const maxRecordedMembers = 150_000

export class LayerReader {
  readonly #reader: ImageReader
  readonly #options: LayerReaderOptions
  readonly #limited: Limiter
  readonly #readings = new Map<Digest, Promise<LayerReading>>()

  constructor(reader: ImageReader, options: LayerReaderOptions) {
    this.#reader = reader
    this.#options = options
    this.#limited = limiter(options.concurrency ?? 2)
  }

  /** What the layer holds, or why it cannot be told. Throws what has nothing to do with its content. */
  read(descriptor: Descriptor): Promise<LayerReading> {
    const known = this.#readings.get(descriptor.digest)
    if (known) return known
    const reading = this.#limited(() => this.#read(descriptor))
    this.#readings.set(descriptor.digest, reading)
    return reading
  }

  /** Forgets a layer that no further platform has: its facts are large. */
  forget(digest: Digest): void {
    this.#readings.delete(digest)
  }

  async #read(descriptor: Descriptor): Promise<LayerReading> {
    if (compressionOf(descriptor.mediaType) === undefined) return { descriptor }
    const { records } = this.#options
    const key = `${factsVersion} ${descriptor.digest}`
    const recorded = await records?.record(area, key)
    if (isFacts(recorded)) return { descriptor, facts: recorded }
    try {
      const facts = await this.#readContent(descriptor)
      if (facts.members.length <= maxRecordedMembers) await records?.setRecord(area, key, facts)
      return { descriptor, facts }
    } catch (error) {
      const failure = contentFailure(error)
      if (failure === undefined) throw error
      return { descriptor, failure }
    }
  }

  #readContent(descriptor: Descriptor): Promise<LayerFacts> {
    const { signal, limits, onBytes } = this.#options
    const blob = this.#reader.blob(descriptor)
    const counted = async function* (options: CancelOptions) {
      for await (const chunk of blob(options)) {
        onBytes?.(chunk.byteLength)
        yield chunk
      }
    }
    return readLayer(counted, { ...(limits ? { limits } : {}), signal })
  }
}

function isFacts(value: unknown): value is LayerFacts {
  const facts = value as Partial<LayerFacts> | undefined
  return (
    typeof facts === 'object' &&
    facts !== null &&
    typeof facts.diffId === 'string' &&
    Array.isArray(facts.members)
  )
}
