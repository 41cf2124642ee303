/** What an engine needs of a base image, whatever it was made from. */
import type { CancelOptions, Source } from '../../../base/index.ts'
import type { Annotations, Descriptor, Digest, ImageConfig, Platform } from '../../../oci/index.ts'

/** Facts that are read from the files of a base, not from its configuration. */
export interface BaseFacts {
  libc: 'glibc' | 'musl'
  /** absolute path of a small init, when there is one */
  init?: string
  /** names in /etc/passwd */
  users: readonly string[]
  /** absolute path of node, when it is there */
  node?: string
  /** the version of glibc, such as `2.36` */
  glibc?: string
  /** the codename of the Debian that the base is made of, such as `bookworm` */
  debian?: string
}

/** A platform of the base, as far as it decides about dependencies. */
export interface BasePlatform {
  platform: Platform
  facts: BaseFacts
  /** pin what this platform's part of the base was made of */
  annotations: Annotations
  /** the version of its Node, when the base says so */
  nodeVersion?: string
}

/** The layers of one platform, below ours. */
export interface BaseLayers {
  config: ImageConfig
  layers: readonly Descriptor[]
}

export interface BaseImage {
  /** what the user asked for: `node:22-slim`, `debian bookworm, node 22.23.3` */
  name: string
  /** of the index or manifest that the name pointed at; absent for an assembled base */
  digest?: Digest
  /** pin what the base was made of, all its platforms together */
  annotations: Annotations
  platforms: readonly BasePlatform[]
  /** The layers of each platform, in the order of `platforms`; an assembled base makes them now. */
  layers(options: CancelOptions): Promise<readonly BaseLayers[]>
  /** The base with further packages of its distribution. Throws `DirectError` where none can be added. */
  withPackages(packages: readonly string[], options: CancelOptions): Promise<BaseImage>
  /** content of a layer that the cache may not have; absent when it has them all */
  blob?(descriptor: Descriptor): Source
}
