import { CodedError } from '../base/index.ts'

export type DebianErrorCode =
  /** neither a mirror was given nor does the host's apt configuration name one */
  | 'DEBIAN_NO_MIRROR'
  /** the mirror cannot be reached, or answers with something that is neither content nor "not found" */
  | 'DEBIAN_MIRROR_FAILED'
  /** the mirror has no such suite */
  | 'DEBIAN_SUITE_NOT_FOUND'
  /** the suite, or Node on npm, is not built for a platform that was asked for */
  | 'DEBIAN_PLATFORM_UNSUPPORTED'
  /** the index's OpenPGP signature is missing, broken, or by a key that is in no keyring */
  | 'DEBIAN_SIGNATURE_INVALID'
  /** the index's Valid-Until has passed, or its date lies in the future */
  | 'DEBIAN_INDEX_EXPIRED'
  /** the index is not what it should be: another suite, no checksums, fields that do not parse */
  | 'DEBIAN_INDEX_MALFORMED'
  /** content from the mirror does not have the size and sha256 that the signed index promises */
  | 'DEBIAN_CONTENT_MISMATCH'
  /** a package, or every alternative of a dependency, is not in the suite */
  | 'DEBIAN_PACKAGE_NOT_FOUND'
  /** packages that cannot be installed together, or that ship the same file */
  | 'DEBIAN_PACKAGE_CONFLICT'
  /** a .deb that is no archive of the format deb(5) */
  | 'DEBIAN_PACKAGE_MALFORMED'
  /** no version of Node satisfies the range on all platforms */
  | 'DEBIAN_NODE_NOT_FOUND'
  /** an apt source or keyring file of the host that cannot be read */
  | 'DEBIAN_APT_CONFIGURATION'

/** Why a base image could not be assembled from Debian packages. */
export class DebianError extends CodedError<DebianErrorCode> {}
