import type { TargetPlatform } from '../../npm/index.ts'

/** Where packages of Debian come from that programs for a base are compiled against. */
export interface DebianSource {
  suite: string
  mirror?: string
}

/** A platform of the image, with what decides how programs are compiled for it. */
export interface AddonTarget extends TargetPlatform {
  /** of the base's C library, such as `2.36`; absent for musl, or when the base does not tell */
  glibc?: string
  /** the release of Debian that the base is made of; absent for another distribution */
  debian?: DebianSource
}
