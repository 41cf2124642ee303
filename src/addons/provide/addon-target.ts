import type { CancelOptions } from '../../base/index.ts'
import type { TargetPlatform } from '../../npm/index.ts'
import type { RootSource } from './emulate/work-root.ts'

/** Where packages of Debian come from that programs for a base are compiled against. */
export interface DebianSource {
  suite: string
  mirror?: string
}

/** The base image of a platform, as something that programs are run in. */
export interface TargetBase {
  /** changes with the base */
  key: string
  /** The base with further packages of its Debian. */
  withPackages(packages: readonly string[], options: CancelOptions): Promise<RootSource>
}

/** A platform of the image, with what decides how programs are compiled for it. */
export interface AddonTarget extends TargetPlatform {
  /** of the base's C library, such as `2.36`; absent for musl, or when the base does not tell */
  glibc?: string
  /** the release of Debian that the base is made of; absent for another distribution */
  debian?: DebianSource
  base: TargetBase
}
