/** What `verifyImage` found out, as one JSON-safe value. Sizes are bytes, times milliseconds. */
import type { Finding } from '../base/index.ts'
import type { Digest } from '../oci/index.ts'
import type { IgnoreUse } from './ignore.ts'

export interface VerifyReport {
  /** what the image was called */
  image: string
  digest: Digest
  mediaType: string
  platforms: PlatformSummary[]
  /** entries of the index that carry attestations */
  attestations: number
  /** what remains after `ignore`: errors first */
  findings: Finding[]
  /** each `ignore` entry with its uses */
  ignored: IgnoreUse[]
  counts: { errors: number; warnings: number; infos: number; ignored: number }
  /** layers that every verified platform has */
  shared: { layers: number; bytes: number }
  milliseconds: number
}

export interface PlatformSummary {
  platform: string
  /** of the platform's manifest */
  digest: Digest
  /** compressed bytes of all layers */
  bytes: number
  layers: LayerSummary[]
  /** what its files were found to be; absent where the layers could not be read, and for systems other than Linux */
  content?: ContentSummary
  /** true when the verdict of an earlier run on the same bytes was taken */
  recorded: boolean
  milliseconds: number
}

export interface LayerSummary {
  digest: Digest
  bytes: number
  createdBy?: string
  /** other platforms of the image that have it too */
  sharedWith: string[]
  /** belongs to a base that was verified before: its files were not checked again */
  trusted: boolean
}

export interface ContentSummary {
  files: number
  /** programs, libraries and addons that something here would load */
  binaries: number
  /** of these, native addons of Node */
  addons: number
  /** compiled files for other platforms */
  foreign: number
  node?: { version?: string; abi?: number }
  libc?: string
}
