/** An image in an OCI image layout. */
import { type CancelOptions, collect, fromBytes, type Source } from '../../base/index.ts'
import {
  decodeIndex,
  decodeManifest,
  type Descriptor,
  type Digest,
  digestOf,
  type ImageIndex,
  isIndexType,
  markVerified,
  maxManifestBytes,
  mediaTypeOf,
  mediaTypes,
  parseReference,
  formatReference,
  verified,
} from '../../oci/index.ts'
import type { ImageReader, StoredManifest } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { blobPath, type ImageFiles } from './image-files.ts'
import { emptyLayoutIndex, namesOf, readLayoutIndex } from './layout-index.ts'

/**
 * Opens the image of this name, or the only one. A layout whose `index.json` lists nameless images of several platforms is
 * itself the image index. Throws `StoreError`: `STORE_INVALID`, `STORE_NOT_FOUND`, `STORE_AMBIGUOUS`, `IMAGE_INCOMPLETE`.
 */
export async function openLayoutReader(
  files: ImageFiles,
  wanted: string | undefined,
  options: CancelOptions,
): Promise<ImageReader> {
  const { bytes, index } = await readLayoutIndex(files, options)
  const entry = chooseEntry(files, index, wanted)
  const root = entry
    ? await readManifest(files, entry, options)
    : {
        bytes,
        descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.byteLength },
      }
  return new LayoutReader(files, index, root)
}

/** The image that an entry of `index.json` stands for. */
export async function readLayoutImage(
  files: ImageFiles,
  entry: Descriptor,
  options: CancelOptions,
): Promise<ImageReader> {
  return new LayoutReader(files, emptyLayoutIndex, await readManifest(files, entry, options))
}

class LayoutReader implements ImageReader {
  readonly name: string
  readonly root: StoredManifest
  readonly #files: ImageFiles
  readonly #index: ImageIndex

  constructor(files: ImageFiles, index: ImageIndex, root: StoredManifest) {
    this.name = files.name
    this.root = root
    this.#files = files
    this.#index = index
  }

  async manifest(descriptor: Descriptor, options: CancelOptions): Promise<StoredManifest> {
    if (descriptor.digest === this.root.descriptor.digest) return this.root
    return readManifest(this.#files, descriptor, options)
  }

  blob(descriptor: Descriptor): Source {
    return blobOf(this.#files, descriptor)
  }

  /** Referrers stand beside the image in `index.json`. */
  async referrers(digest: Digest, options: CancelOptions): Promise<Descriptor[]> {
    const found: Descriptor[] = []
    for (const entry of this.#index.manifests) {
      const { descriptor, bytes } = await readManifest(this.#files, entry, options)
      const decode = isIndexType(descriptor.mediaType) ? decodeIndex : decodeManifest
      if (decode(bytes, descriptor.digest).subject?.digest === digest) found.push(entry)
    }
    return found
  }

  close(): Promise<void> {
    return this.#files.close()
  }
}

/** Undefined when `index.json` is itself the image. */
function chooseEntry(
  files: ImageFiles,
  { manifests }: ImageIndex,
  wanted: string | undefined,
): Descriptor | undefined {
  const names = [...new Set(manifests.map((entry) => namesOf(entry)[0]).filter((name) => name !== undefined))]
  const offered = names.length > 0 ? `it has ${names.join(', ')}` : 'it has one image without a name'
  const matching = wanted === undefined ? manifests : manifests.filter((entry) => hasName(entry, wanted))
  const [first] = matching
  if (!first) {
    const what = wanted === undefined ? 'holds no image' : `has no image named ${wanted}`
    throw new StoreError('STORE_NOT_FOUND', `${files.name} ${what}`, {
      kind: 'environment',
      ...(manifests.length > 0 ? { hint: offered } : {}),
    })
  }
  if (matching.every(({ digest }) => digest === first.digest)) return first
  if (wanted === undefined && names.length === 0 && matching.every(({ platform }) => platform))
    return undefined
  throw new StoreError('STORE_AMBIGUOUS', `${files.name} holds several images`, {
    kind: 'usage',
    hint:
      names.length > 0 ? `name one behind a colon: ${names.join(', ')}` : 'they have no names to choose by',
    details: { names },
  })
}

/** `1.4.0`, `shop:1.4.0` and `docker.io/library/shop:1.4.0` may all be asked for. */
function hasName(entry: Descriptor, wanted: string): boolean {
  const names = namesOf(entry)
  if (names.includes(wanted)) return true
  if (!/[:/]/.test(wanted)) return false
  return names.includes(formatReference(parseReference(wanted)))
}

async function readManifest(
  files: ImageFiles,
  { mediaType, digest, size }: Descriptor,
  { signal }: CancelOptions,
): Promise<StoredManifest> {
  const what = `manifest ${digest} of ${files.name}`
  const content = blobOf(files, { mediaType, digest, size })
  const bytes = await collect(content({ signal }), maxManifestBytes, what)
  return { bytes, descriptor: { mediaType: mediaTypeOf(bytes, mediaType, what), digest, size } }
}

function blobOf(files: ImageFiles, descriptor: Descriptor): Source {
  const { digest } = descriptor
  // The configuration of an artifact is often not stored: it is the empty object.
  if (descriptor.mediaType === mediaTypes.ociEmpty && descriptor.size === 2)
    return fromBytes(Buffer.from('{}'))
  const path = blobPath(digest)
  const checked = verified(files.source(path), descriptor, `blob ${digest} of ${files.name}`)
  const present: Source = async function* (options) {
    if ((await files.sizeOf(path)) === undefined) throw incomplete(files, digest)
    yield* checked(options)
  }
  return markVerified(present, descriptor)
}

function incomplete(files: ImageFiles, digest: Digest): StoreError {
  return new StoreError('IMAGE_INCOMPLETE', `${files.name} lacks ${digest}`, {
    kind: 'environment',
    hint: 'it was cut off, or holds only some of its platforms: write it anew',
    details: { digest },
  })
}
