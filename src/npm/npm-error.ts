import { CodedError } from '../base/index.ts'

export type NpmErrorCode =
  | 'NPM_CONFIG_INVALID'
  | 'NPM_PACKAGE_NOT_FOUND'
  | 'NPM_UNAUTHORIZED'
  | 'NPM_REGISTRY_UNREACHABLE'
  | 'NPM_CERTIFICATE'
  | 'NPM_OFFLINE'
  | 'NPM_INTEGRITY'
  | 'NPM_GIT_UNREACHABLE'
  | 'NPM_TARBALL_INVALID'
  | 'NPM_LINK_OUTSIDE_PROJECT'
  | 'NPM_INSTALL_SCRIPTS_FAILED'
  | 'NPM_MISSING'

/** npm's configuration, registry, tarballs or install scripts did not do their part. */
export class NpmError extends CodedError<NpmErrorCode> {}
