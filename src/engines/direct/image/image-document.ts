/**
 * Base image + sealed layers → configuration, manifest and index (OCI image specification: config.md, manifest.md,
 * image-index.md). Pure: the same values give the same bytes.
 */
import {
  type Annotations,
  type Descriptor,
  digestOf,
  encodeDocument,
  type HistoryEntry,
  type ImageConfig,
  type ImageIndex,
  type Manifest,
  mediaTypes,
  type Platform,
  type RunConfig,
} from '../../../oci/index.ts'
import type { StoredManifest } from '../../../store/index.ts'
import type { BaseLayers } from '../base/base-image.ts'
import type { SealedLayer } from '../layers/sealed-layer.ts'

export interface PlatformImage {
  platform: Platform
  manifest: StoredManifest
  config: { descriptor: Descriptor; bytes: Uint8Array }
}

export interface PlatformImageInput {
  platform: Platform
  base: BaseLayers
  layers: readonly SealedLayer[]
  run: RunConfig
  annotations: Annotations
  /** RFC 3339 */
  created: string
}

/** The manifest and configuration of one platform. */
export function platformImage(input: PlatformImageInput): PlatformImage {
  const { platform, base, layers, run, created } = input
  const history: HistoryEntry[] = [
    ...(base.config.history ?? []),
    ...layers.map((layer) => ({ created, created_by: layer.createdBy })),
  ]
  const config: ImageConfig = {
    created,
    architecture: platform.architecture,
    os: platform.os,
    ...(platform.variant ? { variant: platform.variant } : {}),
    config: run,
    rootfs: {
      type: 'layers',
      diff_ids: [...base.config.rootfs.diff_ids, ...layers.map((layer) => layer.diffId)],
    },
    history,
  }
  const configBytes = encodeDocument(config)
  const configDescriptor = describe(mediaTypes.ociConfig, configBytes)
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: configDescriptor,
    layers: [...base.layers.map(ociDescriptor), ...layers.map((layer) => layer.descriptor)],
    annotations: input.annotations,
  }
  const bytes = encodeDocument(manifest)
  const descriptor = { ...describe(mediaTypes.ociManifest, bytes), platform }
  return {
    platform,
    manifest: { descriptor, bytes },
    config: { descriptor: configDescriptor, bytes: configBytes },
  }
}

/** The index of all platforms, in the order given. */
export function imageIndex(images: readonly PlatformImage[], annotations: Annotations): StoredManifest {
  const index: ImageIndex = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: images.map((image) => image.manifest.descriptor),
    annotations,
  }
  const bytes = encodeDocument(index)
  return { descriptor: describe(mediaTypes.ociIndex, bytes), bytes }
}

function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.byteLength }
}

/** A base's layer in an OCI manifest: Docker's media types name the same bytes, and mixing the two families confuses clients. */
function ociDescriptor({ mediaType, digest, size }: Descriptor): Descriptor {
  const renamed: Record<string, string> = {
    [mediaTypes.dockerLayer]: mediaTypes.ociLayer,
    [mediaTypes.dockerLayerGzip]: mediaTypes.ociLayerGzip,
  }
  return { mediaType: renamed[mediaType] ?? mediaType, digest, size }
}
