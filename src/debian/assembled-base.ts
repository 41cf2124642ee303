/** What the assembled base is asked for, and what it is. */
import type { CancelOptions, Finding } from '../base/index.ts'
import type { Platform, RunConfig } from '../oci/index.ts'
import type { LayerEntry } from '../tar/index.ts'
import type { SuiteRequest } from './archive/open-suite.ts'

export interface BaseRequest extends SuiteRequest {
  /** a version or range of Node: `22`, `22.11.0`, `>=22.3 <23` */
  node: string
  /** Debian packages beyond the default set */
  packages?: readonly string[]
  platforms: readonly Platform[]
  /** modification time of every entry in seconds since 1970; default 0 */
  mtime?: number
}

/** A Debian package that the base holds. */
export interface BasePackage {
  name: string
  version: string
  /** Debian's name: `amd64`, `arm64`, `all` … */
  architecture: string
  /** hexadecimal, of the .deb */
  sha256: string
  /** the source package and its version, as scanners and bills of materials want them */
  source: { name: string; version: string }
}

/** One layer that is not made yet. Equal keys mean equal bytes. */
export interface BaseLayer {
  /** `sha256:…` over everything that the entries depend on */
  key: string
  /** for the image's history */
  createdBy: string
  /**
   * The layer's entries in the order to be written: every directory before what lies in it, every hard link after its
   * target. Downloads what the cache lacks.
   */
  entries(options: CancelOptions): AsyncIterable<LayerEntry>
}

/** The base image of one platform. */
export interface PlatformBase {
  /** `sha256:…` over the keys of the layers and the configuration: equal keys mean an equal base */
  key: string
  platform: Platform
  /** bottom first: Debian packages, then Node */
  layers: readonly BaseLayer[]
  config: RunConfig
  packages: readonly BasePackage[]
  node: { package: string; version: string; integrity: string }
  libc: { family: 'glibc'; version: string }
}

export interface AssembledBase {
  /** `sha256:…` over the keys of all platforms */
  key: string
  suite: { codename: string; version: string; date: string }
  node: string
  /** in the order of the request */
  platforms: readonly PlatformBase[]
  /** what the user should know: an old index used without network, packages whose scripts would have done more … */
  findings: readonly Finding[]
}
