/** `index.json` and `oci-layout` (OCI image specification, image-layout.md). */
import {
  decodeIndex,
  type Descriptor,
  encodeDocument,
  formatReference,
  type ImageIndex,
  maxManifestBytes,
  mediaTypes,
  type Reference,
} from '../../oci/index.ts'
import type { CancelOptions } from '../../base/index.ts'
import { StoreError } from '../store-error.ts'
import { type ImageFiles, readFileOf } from './image-files.ts'

export const layoutFile = 'oci-layout'
export const layoutFileBytes = Buffer.from('{"imageLayoutVersion":"1.0.0"}')
export const indexFile = 'index.json'

const refName = 'org.opencontainers.image.ref.name'
/** The whole reference, which containerd takes the image's name from. */
const fullName = 'io.containerd.image.name'

/** Reads and checks `oci-layout` and `index.json`. Throws `StoreError` `STORE_INVALID`. */
export async function readLayoutIndex(
  files: ImageFiles,
  options: CancelOptions,
): Promise<{ bytes: Uint8Array; index: ImageIndex }> {
  const marker = await readFileOf(files, layoutFile, 4096, options)
  const bytes = await readFileOf(files, indexFile, maxManifestBytes, options)
  if (!marker || !bytes) {
    throw invalid(
      files,
      `it has no ${marker ? indexFile : layoutFile}`,
      'an OCI image layout has oci-layout, index.json and blobs/',
    )
  }
  const version = /"imageLayoutVersion"\s*:\s*"([^"]*)"/.exec(Buffer.from(marker).toString('utf8'))?.[1]
  if (version !== '1.0.0') throw invalid(files, `its version is ${version ?? 'missing'} instead of 1.0.0`)
  return { bytes, index: decodeIndex(bytes, `${indexFile} of ${files.name}`) }
}

/** The names that an entry has, as a reader may ask for it: a tag, or a whole reference. */
export function namesOf({ annotations }: Descriptor): string[] {
  return [annotations?.[refName], annotations?.[fullName]].filter((name) => name !== undefined)
}

/** An entry of `index.json`. */
export function namedEntry(
  { mediaType, digest, size }: Descriptor,
  name: { tag?: string; reference?: Reference },
): Descriptor {
  const annotations = {
    ...(name.reference ? { [fullName]: formatReference(name.reference) } : {}),
    ...(name.tag === undefined ? {} : { [refName]: name.tag }),
  }
  return { mediaType, digest, size, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) }
}

/** The index with these entries in it; what had one of their names (or was nameless, as one of them is) is replaced. */
export function withEntries(
  index: ImageIndex,
  entries: readonly Descriptor[],
): { index: ImageIndex; replaced: Descriptor[] } {
  const key = (entry: Descriptor) => entry.annotations?.[fullName] ?? entry.annotations?.[refName] ?? ''
  const taken = new Set(entries.map(key))
  const replaced = index.manifests.filter((entry) => taken.has(key(entry)))
  const kept = index.manifests.filter((entry) => !taken.has(key(entry)))
  return { index: { ...index, manifests: [...kept, ...entries] }, replaced }
}

export const emptyLayoutIndex: ImageIndex = {
  schemaVersion: 2,
  mediaType: mediaTypes.ociIndex,
  manifests: [],
}

export function encodeLayoutIndex(index: ImageIndex): Uint8Array {
  return encodeDocument(index)
}

function invalid(files: ImageFiles, why: string, hint?: string): StoreError {
  return new StoreError('STORE_INVALID', `${files.name} is not an OCI image layout: ${why}`, {
    kind: 'environment',
    ...(hint ? { hint } : {}),
  })
}
