export { compress, type CompressOptions, type Compression, compressionLevels } from './codec/compress.ts'
export {
  decompress,
  type DecompressLimits,
  type DecompressOptions,
  type Decompression,
} from './codec/decompress.ts'
export type { EntryHeader, EntryType, LayerEntry, PathProblem, TarEntry } from './entry.ts'
export { decodeName, encodeName } from './format/name-encoding.ts'
export { readTar, type ReadTarOptions, type TarLimits } from './read/read-tar.ts'
export { TarError, type TarErrorCode } from './tar-error.ts'
export { writeTar } from './write/write-tar.ts'
