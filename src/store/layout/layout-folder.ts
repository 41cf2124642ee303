/** A folder with the files of an image. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../base/index.ts'
import { diskFailure } from '../disk-failure.ts'
import { fileSource } from '../file-content.ts'
import { StoreError } from '../store-error.ts'
import type { ImageFiles } from './image-files.ts'

/** Throws `StoreError` `STORE_NOT_FOUND` when there is no such folder. */
export async function openLayoutFolder(folder: string): Promise<ImageFiles> {
  const name = `oci:${folder}`
  const size = async (path: string) => {
    const info = await infoOf(join(folder, path))
    return info?.isFile() ? info.size : undefined
  }
  if (!(await infoOf(folder))?.isDirectory()) {
    throw new StoreError('STORE_NOT_FOUND', `there is no folder ${folder}`, {
      kind: 'environment',
      hint: 'check the path; an archive is named oci-archive:FILE',
    })
  }
  return { name, sizeOf: size, source: (path) => fileSource(join(folder, path)), close: async () => {} }
}

async function infoOf(path: string) {
  try {
    return await stat(path)
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw diskFailure(error, `read ${path}`)
  }
}
