/** What an archive is made of: gathered while an image is written, laid out as files when it is complete. */
import { type CancelOptions, compareText, fromBytes, type Source } from '../../base/index.ts'
import { type Descriptor, type Digest, type Reference, verified } from '../../oci/index.ts'
import { type LayerEntry, writeTar } from '../../tar/index.ts'
import { partsOf } from '../image-content.ts'
import { blobPath } from '../layout/image-files.ts'
import {
  emptyLayoutIndex,
  encodeLayoutIndex,
  indexFile,
  layoutFile,
  layoutFileBytes,
  namedEntry,
  withEntries,
} from '../layout/layout-index.ts'
import type { StoredManifest } from '../store.ts'

/** A name that was given to an image. */
export interface GivenName {
  manifest: StoredManifest
  tag?: string
  reference?: Reference
}

interface Content {
  descriptor: Descriptor
  content: Source
  onBytes?: ((sent: number) => void) | undefined
}

export class ArchiveContents {
  readonly manifests = new Map<Digest, StoredManifest>()
  readonly names: GivenName[] = []
  readonly #blobs = new Map<Digest, Content>()

  has({ digest }: Descriptor): boolean {
    return this.#blobs.has(digest) || this.manifests.has(digest)
  }

  /** Remembers a blob; it is read when the archive is written. */
  addBlob(blob: Content): void {
    this.#blobs.set(blob.descriptor.digest, blob)
  }

  addManifest(manifest: StoredManifest): void {
    this.manifests.set(manifest.descriptor.digest, manifest)
  }

  blob(digest: Digest): Source | undefined {
    return this.#blobs.get(digest)?.content
  }

  /** Only these images, each under the names of the root that it was chosen from. */
  narrowed(chosen: ReadonlyMap<StoredManifest, StoredManifest>): ArchiveContents {
    const narrow = new ArchiveContents()
    for (const manifest of chosen.values()) {
      narrow.addManifest(manifest)
      for (const { digest } of partsOf(manifest).blobs) {
        const blob = this.#blobs.get(digest)
        if (blob) narrow.addBlob(blob)
      }
    }
    for (const name of this.names) {
      const manifest = chosen.get(name.manifest)
      if (manifest) narrow.names.push({ ...name, manifest })
    }
    return narrow
  }

  /** The archive: an OCI image layout with `more` files beside it. The same images give the same bytes. */
  write(more: ReadonlyMap<string, Uint8Array>, { signal }: CancelOptions): AsyncIterable<Uint8Array> {
    const { index } = withEntries(emptyLayoutIndex, this.names.map(entryOf))
    const files = [
      ...[...this.#blobs.values()].map(blobFile),
      ...[...this.manifests.values()].map(({ descriptor, bytes }) =>
        file(blobPath(descriptor.digest), bytes),
      ),
      ...[...more].map(([path, bytes]) => file(path, bytes)),
      file(indexFile, encodeLayoutIndex(index)),
      file(layoutFile, layoutFileBytes),
    ]
    const folders = ['blobs', ...new Set(files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))))]
      .filter((path) => path.startsWith('blobs'))
      .map(folder)
    const entries = [...new Map([...folders, ...files].map((entry) => [entry.path, entry])).values()]
    return writeTar(
      entries.sort((a, b) => compareText(a.path, b.path)),
      { signal },
    )
  }
}

function entryOf({ manifest, tag, reference }: GivenName): Descriptor {
  return namedEntry(manifest.descriptor, {
    ...(tag === undefined ? {} : { tag }),
    ...(reference ? { reference } : {}),
  })
}

function blobFile({ descriptor, content, onBytes }: Content): LayerEntry {
  const checked = verified(content, descriptor)
  const counted: Source = async function* (options) {
    let bytes = 0
    for await (const chunk of checked(options)) {
      yield chunk
      bytes += chunk.byteLength
      onBytes?.(bytes)
    }
  }
  return { ...file(blobPath(descriptor.digest), new Uint8Array()), size: descriptor.size, content: counted }
}

function file(path: string, bytes: Uint8Array): LayerEntry {
  const owner = { uid: 0, gid: 0, mtime: 0 }
  return { path, type: 'file', mode: 0o644, ...owner, size: bytes.byteLength, content: fromBytes(bytes) }
}

function folder(path: string): LayerEntry {
  return { path, type: 'directory', mode: 0o755, uid: 0, gid: 0, mtime: 0, size: 0 }
}
