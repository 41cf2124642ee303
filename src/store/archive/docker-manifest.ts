/**
 * `manifest.json`, the list of images in the archives of `docker save`: each of one platform, with its configuration, its
 * layers from the bottom up, and its names (moby's image specification v1.2, "Combined Image JSON + Filesystem Changeset
 * Format").
 */
import { StoreError } from '../store-error.ts'

export const dockerManifestFile = 'manifest.json'
export const maxDockerManifestBytes = 4 * 1024 * 1024

export interface DockerManifestEntry {
  /** path of the configuration in the archive */
  Config: string
  /** familiar references; null for an image without a name */
  RepoTags: string[] | null
  /** paths of the layers in the archive */
  Layers: string[]
}

/** Decodes `manifest.json`; `what` names it. Throws `StoreError` `STORE_INVALID`. */
export function decodeDockerManifest(bytes: Uint8Array, what: string): DockerManifestEntry[] {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (cause) {
    throw invalid(what, 'is not JSON', cause)
  }
  if (!Array.isArray(value)) throw invalid(what, 'is not a list of images')
  return value.map((entry: Partial<DockerManifestEntry> | null) => {
    if (typeof entry?.Config !== 'string' || !isTextList(entry.Layers)) {
      throw invalid(what, 'has an image without Config and Layers')
    }
    const names = isTextList(entry.RepoTags) ? entry.RepoTags : null
    return { Config: entry.Config, RepoTags: names, Layers: entry.Layers }
  })
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function invalid(what: string, why: string, cause?: unknown): StoreError {
  return new StoreError('STORE_INVALID', `${what} ${why}`, { kind: 'environment', cause })
}
