/** Media types of the OCI image specification (media-types.md) and of Docker's image manifest version 2, schema 2. */
export const mediaTypes = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociEmpty: 'application/vnd.oci.empty.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociLayerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociIndex || mediaType === mediaTypes.dockerIndex
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.ociManifest || mediaType === mediaTypes.dockerManifest
}

/** Everything a registry may be asked for as a manifest, in the order of preference. */
export const acceptedManifestTypes: readonly string[] = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
]

export type Compression = 'none' | 'gzip' | 'zstd'

/** How a layer's media type says it is compressed; undefined when it is not the media type of a tar layer. */
export function compressionOf(layerMediaType: string): Compression | undefined {
  // Foreign ("nondistributable") layers carry the same suffixes.
  if (!/(?:image\.layer|image\.rootfs)/.test(layerMediaType)) return undefined
  if (/[+.]gzip$/.test(layerMediaType)) return 'gzip'
  if (/[+.]zstd$/.test(layerMediaType)) return 'zstd'
  return layerMediaType.endsWith('.tar') ? 'none' : undefined
}

/** The OCI media type of a tar layer. */
export function layerMediaType(compression: Compression): string {
  if (compression === 'gzip') return mediaTypes.ociLayerGzip
  return compression === 'zstd' ? mediaTypes.ociLayerZstd : mediaTypes.ociLayer
}
