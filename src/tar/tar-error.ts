import { CodedError } from '../base/index.ts'

export type TarErrorCode =
  /** the archive or the compressed stream ends in the middle */
  | 'TAR_TRUNCATED'
  /** bytes that are no tar header where one must be, or a header with contradictory fields */
  | 'TAR_MALFORMED'
  /** a feature of the format that cannot be read here, such as a multi-volume continuation */
  | 'TAR_UNSUPPORTED'
  /** more entries, longer names, deeper paths or more bytes than the limits allow */
  | 'TAR_LIMIT'
  /** a name or link that leads out of the archive's root (strict reading), or one that cannot be written */
  | 'TAR_UNSAFE_PATH'
  /** a device or a named pipe where only files, directories and links belong (strict reading) */
  | 'TAR_SPECIAL_FILE'
  /** two entries with one path, or an entry below something that is not a directory (writing) */
  | 'TAR_PATH_CONFLICT'
  /** an entry with a value that the format cannot hold, or without the fields that its type needs (writing) */
  | 'TAR_INVALID_ENTRY'
  /** content that has more or fewer bytes than its entry says (writing) */
  | 'TAR_SIZE_MISMATCH'
  /** a body that was opened twice, or read after the next entry was asked for */
  | 'TAR_BODY_GONE'
  /** compressed bytes that do not decode, or bytes after the end of the compressed data */
  | 'COMPRESSION_MALFORMED'
  /** a feature of the compressed format that cannot be decoded here, such as a dictionary */
  | 'COMPRESSION_UNSUPPORTED'
  /** data that expands beyond the size, ratio or memory that is allowed */
  | 'COMPRESSION_LIMIT'
  /** a compression level that the format does not have */
  | 'COMPRESSION_LEVEL'

/** An archive or compressed stream that is broken, hostile or beyond its limits; or entries that cannot be written. */
export class TarError extends CodedError<TarErrorCode> {}
