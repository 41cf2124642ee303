/** Packages that hold the binaries for one platform, by their name: `@img/sharp-linuxmusl-arm64`, `@swc/core-linux-x64-gnu`. */
import type { Libc } from './base-image.ts'

export interface PlatformPackage {
  readonly os: string
  readonly cpu: string
  readonly libc: Libc | undefined
}

const pattern =
  /[-/](linuxmusl|linux|darwin|win32|freebsd|android)-(x64|arm64|arm|ia32|s390x|ppc64|ppc64le|riscv64|loong64)(?:-(gnu|musl|glibc|msvc|gnueabihf|musleabihf|gnueabi|eabi))?$/u

export function platformOfName(name: string): PlatformPackage | undefined {
  const match = pattern.exec(name)
  if (!match) return undefined
  const [, os = '', cpu = '', suffix = ''] = match
  const musl = os === 'linuxmusl' || suffix.startsWith('musl')
  const glibc = suffix.startsWith('gnu') || suffix === 'glibc'
  return {
    os: os === 'linuxmusl' ? 'linux' : os,
    cpu: cpu === 'ppc64le' ? 'ppc64' : cpu,
    libc: musl ? 'musl' : glibc ? 'glibc' : undefined,
  }
}

/** The architecture of a platform's CPU: `arm64` of `linux/arm64/v8`. */
export function architectureOf(platform: string): string {
  return platform.split('/')[1] ?? platform
}

/** npm's name of a platform's CPU. */
export function npmCpu(platform: string): string {
  const architecture = architectureOf(platform)
  return { amd64: 'x64', '386': 'ia32', ppc64le: 'ppc64' }[architecture] ?? architecture
}
