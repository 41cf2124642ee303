import type { Digest } from '../../oci/index.ts'

/** A file that a package gets for a platform; its content is in the cache. */
export interface ProvidedFile {
  /** relative to the package */
  path: string
  mode: number
  digest: Digest
  /** bytes */
  size: number
}

/** What compiling or downloading gave. */
export interface ProvidedBinary {
  files: readonly ProvidedFile[]
  /** Debian packages whose libraries it asks for at run time, beyond what every base has */
  libraries: readonly string[]
}
