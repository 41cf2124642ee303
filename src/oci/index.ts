export { type ContentIdentity, markVerified, verified } from './content.ts'
export { algorithmOf, type DiffId, type Digest, digestOf, hexOf, isDigest, parseDigest } from './digest.ts'
export {
  decodeImageConfig,
  type HistoryEntry,
  type ImageConfig,
  maxConfigBytes,
  platformOfConfig,
  type RunConfig,
} from './image-config.ts'
export {
  type Annotations,
  decodeIndex,
  decodeManifest,
  type Descriptor,
  encodeDocument,
  type ImageIndex,
  isAttestation,
  type Manifest,
  maxManifestBytes,
  mediaTypeOf,
} from './manifest.ts'
export {
  acceptedManifestTypes,
  type Compression,
  compressionOf,
  isIndexType,
  isManifestType,
  layerMediaType,
  mediaTypes,
} from './media-type.ts'
export { OciError, type OciErrorCode } from './oci-error.ts'
export {
  bestMatch,
  canServe,
  comparePlatforms,
  formatPlatform,
  normalizePlatform,
  parsePlatform,
  parsePlatforms,
  type Platform,
  runsNatively,
  samePlatform,
} from './platform.ts'
export {
  familiarReference,
  formatImageLocation,
  formatReference,
  type ImageLocation,
  parseImageLocation,
  parseReference,
  type Reference,
} from './reference.ts'
