import { CodedError } from '../base/index.ts'

export type StoreErrorCode =
  /** the file system has no room left (or the user's quota is used up) */
  | 'STORE_DISK_FULL'
  /** a file or folder cannot be read or written */
  | 'STORE_DISK'
  /** a cached blob is gone or damaged; it was removed, and the next run makes it anew */
  | 'CACHE_DAMAGED'
  /** there is no such file, folder or image */
  | 'STORE_NOT_FOUND'
  /** the location holds several images, and none was chosen */
  | 'STORE_AMBIGUOUS'
  /** a layout folder or archive is not what its format asks for */
  | 'STORE_INVALID'
  /** the place to write to is in use for something else */
  | 'STORE_OCCUPIED'
  /** the image lacks a platform that was asked for */
  | 'PLATFORM_MISSING'
  /** an image whose parts are not all there */
  | 'IMAGE_INCOMPLETE'
  /** a name that this kind of store cannot give */
  | 'STORE_NAME'
  /** no Docker engine answers */
  | 'DAEMON_UNREACHABLE'
  /** the user may not talk to the Docker engine */
  | 'DAEMON_PERMISSION'
  /** the Docker engine refused */
  | 'DAEMON_REFUSED'

/** What went wrong in a folder, an archive, a daemon or the content cache. Registries have `RegistryError`. */
export class StoreError extends CodedError<StoreErrorCode> {}
