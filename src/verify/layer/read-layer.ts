/** One pass over a layer's bytes: from the store's stream to facts. */
import { createHash } from 'node:crypto'
import type { CancelOptions, Source } from '../../base/index.ts'
import type { ByteRange } from '../../elf/index.ts'
import { decompress, type DecompressLimits, readTar, type TarEntry, type TarLimits } from '../../tar/index.ts'
import { WindowMemory } from './elf-file.ts'
import { readFile } from './file-content.ts'
import type { FileContent, LayerFacts, LayerMember } from './layer-facts.ts'

export interface ReadLayerOptions extends CancelOptions {
  limits?: LayerLimits
}

/** What a layer may be made of at most; a larger one is refused. */
export interface LayerLimits {
  decompress?: Partial<DecompressLimits>
  tar?: Partial<TarLimits>
}

/** Each further pass keeps the ranges that were missing before it; real files need at most two. */
const maxPasses = 4

/**
 * Reads a layer. ELF files that keep their tables in unusual places are completed by a second pass over the content. Throws
 * `TarError` and what `content` throws.
 */
export async function readLayer(content: Source, options: ReadLayerOptions): Promise<LayerFacts> {
  const extra = new Map<number, ByteRange[]>()
  for (let pass = 1; ; pass++) {
    const { facts, missing } = await readOnce(content, extra, options)
    if (missing.size === 0 || pass === maxPasses) return facts
    for (const [position, ranges] of missing) extra.set(position, [...(extra.get(position) ?? []), ...ranges])
  }
}

interface Pass {
  facts: LayerFacts
  /** by the position of the member */
  missing: Map<number, readonly ByteRange[]>
}

async function readOnce(
  content: Source,
  extra: ReadonlyMap<number, ByteRange[]>,
  { limits, signal }: ReadLayerOptions,
): Promise<Pass> {
  const hash = createHash('sha256')
  let size = 0
  // Engines look at the first bytes, whatever the media type says.
  const stream = decompress(content({ signal }), {
    compression: 'auto',
    limits: limits?.decompress ?? {},
    name: 'its content',
    signal,
  })
  const counted = async function* () {
    for await (const chunk of stream) {
      hash.update(chunk)
      size += chunk.byteLength
      yield chunk
    }
  }
  const members: LayerMember[] = []
  const memory = new WindowMemory()
  const missing: Pass['missing'] = new Map()
  const options = { paths: 'report', limits: limits?.tar ?? {}, name: 'its archive', signal } as const
  for await (const entry of readTar(counted(), options)) {
    const read =
      entry.type === 'file'
        ? await readFile(entry, { extra: extra.get(members.length) ?? [], memory })
        : undefined
    if (read && read.missing.length > 0) missing.set(members.length, read.missing)
    members.push(memberOf(entry, read?.content))
  }
  const diffId = `sha256:${hash.digest('hex')}`
  return { facts: { diffId, size, members }, missing }
}

function memberOf(entry: TarEntry, content: FileContent | undefined): LayerMember {
  const { path, type, mode, size, linkPath, problems } = entry
  const details: NonNullable<LayerMember[4]> = {
    ...(linkPath === undefined ? {} : { link: linkPath }),
    ...(problems.length > 0 ? { problems } : {}),
    ...(content ? { content } : {}),
  }
  return Object.keys(details).length > 0 ? [path, type, mode, size, details] : [path, type, mode, size]
}
