/** An image in a Docker engine: saved to a temporary archive, which is read. */
import type { CancelOptions } from '../../base/index.ts'
import { familiarReference, type Reference } from '../../oci/index.ts'
import { openDockerArchiveReader } from '../archive/docker-archive-reader.ts'
import { spoolTar } from '../archive/tar-files.ts'
import { closingOnFailure } from '../layout/image-files.ts'
import type { ImageReader } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { EngineApi } from './engine-api.ts'

/** Throws `StoreError`: `STORE_NOT_FOUND`, `DAEMON_UNREACHABLE`, `DAEMON_PERMISSION`, `DAEMON_REFUSED`. */
export async function openDaemonReader(
  engine: EngineApi,
  reference: Reference,
  { temporary, signal }: CancelOptions & { temporary: string },
): Promise<ImageReader> {
  const familiar = familiarReference(reference)
  const name = `docker-daemon:${familiar}`
  try {
    const archive = await engine.save(familiar, { signal })
    if (!archive) {
      throw new StoreError('STORE_NOT_FOUND', `the Docker engine has no image ${familiar}`, {
        kind: 'environment',
        hint: '`docker image ls` lists those that it has',
      })
    }
    const files = await spoolTar(archive, { name, temporary, signal })
    return await closingOnFailure(files, () => openDockerArchiveReader(files, undefined, { signal }))
  } finally {
    await engine.close()
  }
}
