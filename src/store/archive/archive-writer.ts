/** Writes images to an archive file, which appears as a whole when everything is in it. */
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { CancelOptions } from '../../base/index.ts'
import { parseReference, type Platform, type Reference } from '../../oci/index.ts'
import { onDisk } from '../disk-failure.ts'
import { writeFileFrom } from '../file-content.ts'
import type { ImageWriter, StoredManifest } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { temporaryName } from '../temporary-folder.ts'
import { classicImages, dockerManifest } from './classic-images.ts'
import { dockerManifestFile } from './docker-manifest.ts'
import { GatheringWriter } from './gathering-writer.ts'

export interface ArchiveLocation {
  transport: 'oci-archive' | 'docker-archive'
  path: string
  /** a tag, in a docker-archive a whole reference */
  tag?: string
}

/** Opens a file for writing; an existing one is replaced by `commit`. Throws `StoreError` `STORE_OCCUPIED`. */
export async function openArchiveWriter(
  location: ArchiveLocation,
  hostPlatform: Platform | undefined,
): Promise<ImageWriter> {
  const { transport, path } = location
  if ((await stat(path).catch(() => undefined))?.isDirectory()) {
    throw new StoreError('STORE_OCCUPIED', `${path} is a folder, not an archive`, {
      kind: 'usage',
      hint: `name a file, or write a layout folder with oci:${path}`,
    })
  }
  return new ArchiveWriter(`${transport}:${path}`, location, hostPlatform)
}

class ArchiveWriter extends GatheringWriter {
  readonly name: string
  readonly #location: ArchiveLocation
  readonly #hostPlatform: Platform | undefined

  constructor(name: string, location: ArchiveLocation, hostPlatform: Platform | undefined) {
    super()
    this.name = name
    this.#location = location
    this.#hostPlatform = hostPlatform
  }

  async tag(manifest: StoredManifest, name: Reference | undefined): Promise<void> {
    const { transport, tag } = this.#location
    const own = transport === 'docker-archive' && tag !== undefined ? parseReference(tag) : undefined
    const reference = name ?? own
    const given = reference?.tag ?? tag
    this.contents.names.push({
      manifest,
      ...(given === undefined ? {} : { tag: given }),
      ...(reference ? { reference } : {}),
    })
  }

  async commit({ signal }: CancelOptions): Promise<void> {
    const target = resolve(this.#location.path)
    const file = join(dirname(target), `.${temporaryName()}`)
    await onDisk(`write ${this.name}`, async () => {
      await mkdir(dirname(target), { recursive: true })
      try {
        const more = await this.#dockerFiles({ signal })
        await writeFileFrom(file, this.contents.write(more, { signal }), { signal })
        await rename(file, target)
      } finally {
        await rm(file, { force: true })
      }
    })
  }

  async close(): Promise<void> {}

  /** An OCI archive is only a layout; Docker's has `manifest.json` besides, for engines that know no layouts. */
  async #dockerFiles({ signal }: CancelOptions): Promise<Map<string, Uint8Array>> {
    if (this.#location.transport === 'oci-archive') return new Map()
    const images = await classicImages(this.contents, this.#hostPlatform, { signal })
    return new Map([[dockerManifestFile, dockerManifest(this.contents, images)]])
  }
}
