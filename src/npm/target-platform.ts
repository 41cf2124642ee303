import type { NpmTarget } from '../lockfile/index.ts'
import type { Platform } from '../oci/index.ts'

/** A platform of the image with what decides about packages beyond its name. */
export interface TargetPlatform {
  platform: Platform
  libc: 'glibc' | 'musl'
  /** the base image's Node, such as `22.23.3`; absent: `engines` of optional packages is not looked at */
  nodeVersion?: string
  /** glibc's version in the base image, such as `2.36`; absent: what binaries need of it is not held against the base */
  glibc?: string
}

/** `process.arch` by OCI architecture, where they differ. Node calls both byte orders of ppc64 and of mips by one name. */
const cpuNames: Readonly<Record<string, string>> = {
  amd64: 'x64',
  '386': 'ia32',
  ppc64le: 'ppc64',
  mipsle: 'mipsel',
  mips64le: 'mips64el',
}

const systemNames: Readonly<Record<string, string>> = { windows: 'win32', solaris: 'sunos' }

/** A platform in npm's names (`linux/arm/v7` → os linux, cpu arm). */
export function npmTargetOf({ platform, libc, nodeVersion }: TargetPlatform): NpmTarget {
  const { os, architecture } = platform
  return {
    os: systemNames[os] ?? os,
    cpu: cpuNames[architecture] ?? architecture,
    ...(os === 'linux' ? { libc } : {}),
    ...(nodeVersion === undefined ? {} : { nodeVersion }),
  }
}
