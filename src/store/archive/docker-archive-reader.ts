/**
 * An image in an archive of `docker save`. New engines write an OCI layout with `manifest.json` beside it, which is read as a
 * layout. Of older archives (and podman's) a manifest is made: its layers are the uncompressed ones of the archive, whose
 * digests are their diffIDs.
 */
import { createHash } from 'node:crypto'
import type { CancelOptions, Source } from '../../base/index.ts'
import {
  decodeImageConfig,
  type Descriptor,
  type DiffId,
  type Digest,
  digestOf,
  encodeDocument,
  familiarReference,
  layerMediaType,
  maxConfigBytes,
  mediaTypes,
  parseReference,
} from '../../oci/index.ts'
import { type ImageFiles, readFileOf } from '../layout/image-files.ts'
import { indexFile, layoutFile } from '../layout/layout-index.ts'
import { openLayoutReader } from '../layout/layout-reader.ts'
import { memoryImage } from '../memory-image.ts'
import type { ImageReader } from '../store.ts'
import { StoreError } from '../store-error.ts'
import {
  decodeDockerManifest,
  dockerManifestFile,
  type DockerManifestEntry,
  maxDockerManifestBytes,
} from './docker-manifest.ts'
import { presentPart } from './present-part.ts'

/** Opens the image of this name (a reference), or the only one. Throws `StoreError`, `OciError`. */
export async function openDockerArchiveReader(
  files: ImageFiles,
  wanted: string | undefined,
  options: CancelOptions,
): Promise<ImageReader> {
  const isLayout =
    (await files.sizeOf(layoutFile)) !== undefined && (await files.sizeOf(indexFile)) !== undefined
  if (isLayout) return presentPart(await openLayoutReader(files, wanted, options), files, options)
  const bytes = await readFileOf(files, dockerManifestFile, maxDockerManifestBytes, options)
  if (!bytes) {
    throw new StoreError('STORE_INVALID', `${files.name} is not an archive of docker save`, {
      kind: 'environment',
      hint: `it has neither ${indexFile} nor ${dockerManifestFile}`,
    })
  }
  const entries = decodeDockerManifest(bytes, `${dockerManifestFile} of ${files.name}`)
  return classicReader(files, chooseEntry(files, entries, wanted), options)
}

function chooseEntry(
  files: ImageFiles,
  entries: readonly DockerManifestEntry[],
  wanted: string | undefined,
): DockerManifestEntry {
  const names = entries.flatMap(({ RepoTags }) => RepoTags ?? [])
  const offered = names.length > 0 ? { hint: `it has ${names.join(', ')}` } : {}
  const name = wanted && familiarReference(parseReference(wanted))
  const matching = name
    ? entries.filter(({ RepoTags }) => RepoTags?.some((tag) => isName(tag, name)))
    : entries
  const [only, ...more] = matching
  if (!only) {
    const message = wanted ? `${files.name} has no image named ${wanted}` : `${files.name} holds no image`
    throw new StoreError('STORE_NOT_FOUND', message, { kind: 'environment', ...offered })
  }
  if (more.length === 0) return only
  throw new StoreError('STORE_AMBIGUOUS', `${files.name} holds several images`, {
    kind: 'usage',
    hint: `name one behind a colon: ${names.join(', ')}`,
    details: { names },
  })
}

function isName(tag: string, wanted: string): boolean {
  return familiarReference(parseReference(tag)) === wanted
}

async function classicReader(
  files: ImageFiles,
  { Config, Layers }: DockerManifestEntry,
  options: CancelOptions,
): Promise<ImageReader> {
  const what = `the configuration of ${files.name}`
  const bytes = await readFileOf(files, Config, maxConfigBytes, options)
  if (!bytes) throw incomplete(files, Config)
  const { diff_ids: diffIds } = decodeImageConfig(bytes, what).rootfs
  if (diffIds.length !== Layers.length) {
    const found = `${Layers.length} layers and ${diffIds.length} diffIDs`
    throw new StoreError('STORE_INVALID', `${files.name} has ${found}`, { kind: 'environment' })
  }
  const blobs = new Map<Digest, Source>()
  const config = { mediaType: mediaTypes.ociConfig, digest: digestOf(bytes), size: bytes.byteLength }
  blobs.set(config.digest, files.source(Config))
  const layers: Descriptor[] = []
  for (const [index, path] of Layers.entries()) {
    const layer = await layerIn(files, path, diffIds[index] as DiffId, options)
    blobs.set(layer.digest, files.source(path))
    layers.push(layer)
  }
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers }
  const root = encodeDocument(manifest)
  const image = memoryImage({
    name: files.name,
    root: {
      bytes: root,
      descriptor: { mediaType: mediaTypes.ociManifest, digest: digestOf(root), size: root.byteLength },
    },
    manifests: [],
    blobs,
  })
  return { ...image, close: () => files.close() }
}

async function layerIn(
  files: ImageFiles,
  path: string,
  diffId: DiffId,
  options: CancelOptions,
): Promise<Descriptor> {
  const size = await files.sizeOf(path)
  if (size === undefined) throw incomplete(files, path)
  const compression = await compressionOfFile(files, path, options)
  const mediaType = layerMediaType(compression)
  if (compression === 'none') return { mediaType, digest: diffId as string as Digest, size }
  const hash = createHash('sha256')
  for await (const chunk of files.source(path)(options)) hash.update(chunk)
  return { mediaType, digest: `sha256:${hash.digest('hex')}` as Digest, size }
}

async function compressionOfFile(files: ImageFiles, path: string, { signal }: CancelOptions) {
  for await (const start of files.source(path)({ signal })) {
    const hex = Buffer.from(start.subarray(0, 4)).toString('hex')
    if (hex.startsWith('1f8b')) return 'gzip'
    return hex === '28b52ffd' ? 'zstd' : 'none'
  }
  return 'none'
}

function incomplete(files: ImageFiles, path: string): StoreError {
  return new StoreError('IMAGE_INCOMPLETE', `${files.name} lacks ${path}`, {
    kind: 'environment',
    hint: 'the archive was cut off: save it again',
  })
}
