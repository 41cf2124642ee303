import { type CancelOptions, collect } from '../base/index.ts'
import { decodeImageConfig, type ImageConfig, type Manifest, maxConfigBytes } from '../oci/index.ts'
import type { ImageReader } from './store.ts'

/** The configuration that a manifest names. Throws what the store throws, and `OciError` for what is no configuration. */
export async function readImageConfig(
  reader: ImageReader,
  { config }: Manifest,
  options: CancelOptions,
): Promise<ImageConfig> {
  const what = `configuration ${config.digest} of ${reader.name}`
  return decodeImageConfig(await collect(reader.blob(config)(options), maxConfigBytes, what), what)
}
