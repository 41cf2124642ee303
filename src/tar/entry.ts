/**
 * Archive members, as values. Names are text of this room's name encoding (`name-encoding.ts`): UTF-8, where a byte that is
 * not part of valid UTF-8 stands as one lone surrogate U+DC80…U+DCFF, so that every name survives reading and writing.
 */
import type { Source } from '../base/index.ts'

export type EntryType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'character-device'
  | 'block-device'
  | 'fifo'

/** What a tar header says about one member. */
export interface EntryHeader {
  /**
   * relative to the archive's root, segments separated by '/', with neither a leading nor a trailing one; '' is the root
   * directory itself
   */
  path: string
  type: EntryType
  /** permission bits with set-user-ID, set-group-ID and sticky: 0…0o7777 */
  mode: number
  uid: number
  gid: number
  uname?: string
  gname?: string
  /** modification time in seconds since 1970; a whole number when written, possibly with a fraction when read */
  mtime: number
  /** bytes of content; 0 for everything that is not a file */
  size: number
  /** a symbolic link's target as it stands, or the archive path that a hard link refers to */
  linkPath?: string
  devmajor?: number
  devminor?: number
  /** extended attributes (PAX `SCHILY.xattr.*`) by name, such as `security.capability` */
  xattrs?: ReadonlyMap<string, Uint8Array>
}

/** A member to write. */
export interface LayerEntry extends EntryHeader {
  /** a file's content, exactly `size` bytes; absent for everything that is not a file, and allowed to be for an empty one */
  content?: Source
}

/** What is wrong with a member's name or with the place that its link points at. */
export type PathProblem =
  /** the path begins with '/': normal in container layers, where it is the image's root */
  | 'absolute-path'
  /** the path has a '..' segment; `path` keeps it */
  | 'parent-segment'
  /** the path or the link target has a NUL byte */
  | 'nul-byte'
  /** the path is empty */
  | 'empty-path'
  /** the path, or a hard link's target, goes through a symbolic link that the archive made before */
  | 'beneath-symlink'
  /** a link target that leads above the archive's root */
  | 'link-escape'
  /** a link with an absolute target: normal for symbolic links of a root file system, where it means the image's root */
  | 'absolute-link'
  /** a link without a target */
  | 'empty-link'

/**
 * A member that was read. `path` and a hard link's `linkPath` are normalised: without leading '/', empty and '.' segments, but
 * with '..' where there is one. A symbolic link's `linkPath` stands as it is in the archive.
 */
export interface TarEntry extends EntryHeader {
  /** the name exactly as the archive has it */
  rawPath: string
  /** empty for a sound member */
  problems: readonly PathProblem[]
  /** where the stored content begins in the archive, in bytes: `size` of them follow, unless the file is sparse */
  offset: number
  /**
   * The content, to be read at most once and before the next member is asked for (`TAR_BODY_GONE` otherwise); what is not
   * read is skipped. Throws `TarError` `TAR_TRUNCATED` when the archive ends in it.
   */
  body: AsyncIterable<Uint8Array>
}
