/** One file of a base image, as a container would see it. */
import { type CancelOptions, collect, type Source } from '../../../base/index.ts'
import { compressionOf, type Descriptor } from '../../../oci/index.ts'
import { decompress, readTar } from '../../../tar/index.ts'

const maxBytes = 64 << 20

/** The content of a file, from the topmost layer that has it; undefined when none has, or a later one removed it. */
export async function readBaseFile(
  path: string,
  layers: readonly Descriptor[],
  blob: (descriptor: Descriptor) => Source,
  { signal }: CancelOptions,
): Promise<Uint8Array | undefined> {
  const slash = path.lastIndexOf('/')
  const whiteouts = [`${path.slice(0, slash)}/.wh.${path.slice(slash + 1)}`]
  for (const layer of layers.toReversed()) {
    const stream = decompress(blob(layer)({ signal }), {
      compression: compressionOf(layer.mediaType) ?? 'auto',
      signal,
    })
    let removed = false
    for await (const entry of readTar(stream, { signal, paths: 'report' })) {
      if (entry.path === path && entry.type === 'file')
        return await collect(entry.body, maxBytes, `${path} of the base`)
      if (whiteouts.includes(entry.path)) removed = true
    }
    if (removed) return undefined
  }
  return undefined
}
