/** What a comparison of two images says, as one JSON-safe value. */
import type { Digest } from '../oci/index.ts'

export interface ComparedImage {
  /** what the image was called */
  name: string
  digest: Digest
}

export interface Comparison {
  a: ComparedImage
  b: ComparedImage
  /** nothing differs beyond what is ignored and what is known noise */
  same: boolean
  platforms: PlatformComparison[]
  /** platforms that only one of the images has */
  missing: { platform: string; in: 'a' | 'b' }[]
}

export interface PlatformComparison {
  platform: string
  same: boolean
  /** the layers are the same, byte for byte: no file had to be looked at */
  sameLayers: boolean
  /** files, folders and links of each side's final file system */
  entries: { a: number; b: number }
  differences: FileDifference[]
  /** differences that say nothing about the image: logs, caches, records with times */
  noise: NoiseDifference[]
  config: ConfigDifference[]
  /** entries whose modification times differ; they count as differences only when they were asked for */
  times: number
}

export type DifferenceKind =
  | 'only-in-a'
  | 'only-in-b'
  | 'type'
  | 'content'
  | 'mode'
  | 'owner'
  | 'link'
  | 'device'
  | 'attributes'
  | 'time'

export interface FileDifference {
  /** in the final file system, without a leading slash */
  path: string
  kind: DifferenceKind
  /** what each side has; absent where it has nothing */
  a?: string
  b?: string
  /** of a folder that one side has: how many entries are in it */
  below?: number
}

export interface NoiseDifference extends FileDifference {
  why: string
}

export interface ConfigDifference {
  /** the field of the configuration, such as `Env` or `Labels.version` */
  field: string
  a?: string
  b?: string
}
