/** The files of an image in a tar archive, read where they lie: the archive is indexed once and never unpacked. */
import { stat } from 'node:fs/promises'
import { posix } from 'node:path'
import { type CancelOptions, codeOf, type Source } from '../../base/index.ts'
import { decompress, readTar, type TarEntry } from '../../tar/index.ts'
import { onDisk } from '../disk-failure.ts'
import { fileSource, writeFileFrom } from '../file-content.ts'
import type { ImageFiles } from '../layout/image-files.ts'
import { SeekingStream } from './seeking-stream.ts'
import { StoreError } from '../store-error.ts'
import { temporaryFolder } from '../temporary-folder.ts'

interface Extent {
  /** bytes from the archive's start */
  offset: number
  size: number
}

/** Layers linked to layers linked to layers: older engines write one step. */
const maxLinks = 8

export interface OpenTarOptions extends CancelOptions {
  /** for messages: `oci-archive:out/image.tar` */
  name: string
  /** where a compressed archive is unpacked to */
  temporary: string
}

/** Indexes an archive; one that is compressed is decompressed to a temporary file first. Throws `StoreError`, `TarError`. */
export async function openTarFiles(
  path: string,
  { name, temporary, signal }: OpenTarOptions,
): Promise<ImageFiles> {
  const info = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
  if (!info?.isFile()) {
    const what = info ? `${path} is no file` : `there is no file ${path}`
    throw new StoreError('STORE_NOT_FOUND', what, {
      kind: 'environment',
      hint: info?.isDirectory() ? `a folder is named oci:${path}` : 'check the path',
    })
  }
  if (!(await isCompressed(path, { signal }))) return tarFiles(path, name, { signal })
  return spoolTar(decompress(fileSource(path)({ signal }), { compression: 'auto', name, signal }), {
    name,
    temporary,
    signal,
  })
}

/** Keeps a streamed archive in a temporary file, which goes when the files are closed, and indexes it. */
export async function spoolTar(
  stream: AsyncIterable<Uint8Array>,
  { name, temporary, signal }: OpenTarOptions,
): Promise<ImageFiles> {
  const folder = await temporaryFolder(temporary)
  try {
    const file = `${folder.path}/archive.tar`
    await onDisk(`keep ${name} in ${folder.path}`, () => writeFileFrom(file, stream, { signal }))
    const files = await tarFiles(file, name, { signal })
    return { ...files, close: async () => folder[Symbol.asyncDispose]() }
  } catch (error) {
    await folder[Symbol.asyncDispose]()
    throw error
  }
}

async function tarFiles(path: string, name: string, { signal }: CancelOptions): Promise<ImageFiles> {
  const extents = new Map<string, Extent>()
  const links = new Map<string, string>()
  const archive = new SeekingStream(path, { signal })
  for await (const entry of readTar(archive, { signal, paths: 'strict', name })) {
    archive.skipTo(entry.offset + entry.size)
    const target = linkTarget(entry)
    if (target !== undefined) links.set(entry.path, target)
    else if (entry.type === 'file') extents.set(entry.path, { offset: entry.offset, size: entry.size })
  }
  const extentOf = (file: string): Extent | undefined => {
    let at = file
    for (let step = 0; step < maxLinks; step++) {
      const next = links.get(at)
      if (next === undefined) break
      at = next
    }
    return extents.get(at)
  }
  return {
    name,
    sizeOf: async (file) => extentOf(file)?.size,
    source(file) {
      const extent = extentOf(file)
      return extent ? fileSource(path, extent.offset, extent.size) : missing(name, file)
    },
    close: async () => {},
  }
}

function linkTarget({ type, path, linkPath = '' }: TarEntry): string | undefined {
  if (type === 'hardlink') return linkPath
  return type === 'symlink' ? posix.join(posix.dirname(path), linkPath) : undefined
}

function missing(name: string, file: string): Source {
  // oxlint-disable-next-line require-yield
  return async function* () {
    throw new StoreError('IMAGE_INCOMPLETE', `${name} lacks ${file}`, {
      kind: 'environment',
      hint: 'the archive was cut off, or is of another kind: write it anew',
    })
  }
}

async function isCompressed(path: string, { signal }: CancelOptions): Promise<boolean> {
  for await (const start of fileSource(path, 0, 6)({ signal })) {
    const hex = Buffer.from(start).toString('hex')
    return hex.startsWith('1f8b') || hex.startsWith('28b52ffd') || hex.startsWith('fd377a585a00')
  }
  return false
}
