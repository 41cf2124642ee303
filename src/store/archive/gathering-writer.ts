/** What writers have in common that write an image as one archive: everything is gathered first, and written by `commit`. */
import type { CancelOptions, Source } from '../../base/index.ts'
import type { Descriptor, Reference } from '../../oci/index.ts'
import type { ImageWriter, PutBlobOptions, StoredManifest } from '../store.ts'
import { ArchiveContents } from './archive-contents.ts'

export abstract class GatheringWriter implements ImageWriter {
  abstract readonly name: string
  protected readonly contents = new ArchiveContents()

  async hasBlob(descriptor: Descriptor): Promise<boolean> {
    return this.contents.has(descriptor)
  }

  async putBlob(descriptor: Descriptor, content: Source, { onBytes }: PutBlobOptions): Promise<'sent'> {
    this.contents.addBlob({ descriptor, content, onBytes })
    return 'sent'
  }

  async hasManifest(descriptor: Descriptor): Promise<boolean> {
    return this.contents.has(descriptor)
  }

  async putManifest(manifest: StoredManifest): Promise<void> {
    this.contents.addManifest(manifest)
  }

  abstract tag(manifest: StoredManifest, name: Reference | undefined): Promise<void>
  abstract commit(options: CancelOptions): Promise<void>
  abstract close(): Promise<void>
}
