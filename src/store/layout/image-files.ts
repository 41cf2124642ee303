/** The files of an image, wherever they lie: in a folder, or in an archive. */
import { type CancelOptions, collect, type Source } from '../../base/index.ts'
import { algorithmOf, type Digest, hexOf } from '../../oci/index.ts'

export interface ImageFiles {
  /** for messages: `oci:out/image` */
  readonly name: string
  /** a file's size in bytes; undefined when there is no such file */
  sizeOf(path: string): Promise<number | undefined>
  /** A file's content. Opens nothing until it is iterated. */
  source(path: string): Source
  close(): Promise<void>
}

/** Reads a small file; undefined when there is none. Throws `CONTENT_TOO_LARGE` beyond `limit` bytes. */
export async function readFileOf(
  files: ImageFiles,
  path: string,
  limit: number,
  { signal }: CancelOptions,
): Promise<Uint8Array | undefined> {
  if ((await files.sizeOf(path)) === undefined) return undefined
  return collect(files.source(path)({ signal }), limit, `${path} in ${files.name}`)
}

/** Where a layout keeps a blob. */
export function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`
}

/** Runs `open`; the files are closed when it fails. */
export async function closingOnFailure<T>(files: ImageFiles, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    await files.close()
    throw error
  }
}
