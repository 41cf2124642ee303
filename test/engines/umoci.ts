/** umoci, the reference unpacker: from an image to the files that a container would see. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './run.ts'
import { copyPlatform } from './skopeo.ts'

/**
 * Unpacks what `image` (in skopeo's notation) holds for one platform into the new folder `bundle`, which becomes an OCI
 * runtime bundle: `rootfs/` and `config.json`. Returns the path of the root file system. Needs root, for file owners.
 */
export async function unpackImage(image: string, platform: string, bundle: string): Promise<string> {
  const layout = await mkdtemp(join(tmpdir(), 'everyarch-umoci-'))
  try {
    await copyPlatform(image, `oci:${layout}:image`, platform)
    await run('umoci', ['unpack', '--image', `${layout}:image`, bundle])
  } finally {
    await rm(layout, { recursive: true, force: true })
  }
  return join(bundle, 'rootfs')
}
