import { InternalError } from '../base/index.ts'
import type { NpmTarget } from '../lockfile/index.ts'
import type { Platform } from '../oci/index.ts'

/** A platform of the image with what decides about packages beyond its name. */
export interface TargetPlatform {
  platform: Platform
  libc: 'glibc' | 'musl'
  /** the base image's Node, such as `22.23.3`; absent: `engines` of optional packages is not looked at */
  nodeVersion?: string
}

/** A platform in npm's names (`linux/arm/v7` → os linux, cpu arm). */
export function npmTargetOf(target: TargetPlatform): NpmTarget {
  throw new InternalError(`not written yet ${target.libc}`)
}
