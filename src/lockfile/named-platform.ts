/** What the name of a package tells of the platform that it is for: `@esbuild/linux-arm64`, `@next/swc-linux-x64-musl`. */
import type { NpmTarget } from './fits-target.ts'

/** Parts of a platform that a name mentions. */
export interface NamedPlatform {
  os?: string
  cpu?: string
  libc?: 'glibc' | 'musl'
}

const systems: Readonly<Record<string, string>> = {
  linux: 'linux',
  linuxmusl: 'linux',
  linuxglibc: 'linux',
  darwin: 'darwin',
  macos: 'darwin',
  win32: 'win32',
  windows: 'win32',
  win: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  android: 'android',
  openharmony: 'openharmony',
  wasi: 'wasi',
}

const processors: Readonly<Record<string, string>> = {
  x64: 'x64',
  '64': 'x64',
  x86_64: 'x64',
  amd64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  arm: 'arm',
  armv6: 'arm',
  armv7: 'arm',
  armhf: 'arm',
  ia32: 'ia32',
  i686: 'ia32',
  x86: 'ia32',
  '32': 'ia32',
  s390x: 's390x',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  riscv64: 'riscv64',
  riscv64gc: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64el',
  wasm32: 'wasm32',
}

const libraries: Readonly<Record<string, 'glibc' | 'musl'>> = {
  gnu: 'glibc',
  glibc: 'glibc',
  gnueabi: 'glibc',
  gnueabihf: 'glibc',
  linuxglibc: 'glibc',
  musl: 'musl',
  musleabi: 'musl',
  musleabihf: 'musl',
  linuxmusl: 'musl',
}

/** The platform in a package's name; undefined when it names no operating system and no processor that we know. */
export function namedPlatform(name: string): NamedPlatform | undefined {
  const words = name.toLowerCase().split(/[-./@]|(?<!x86)_/)
  const os = words.map((word) => systems[word]).find((word) => word !== undefined)
  const cpu = words.map((word) => processors[word]).find((word) => word !== undefined)
  const libc = words.map((word) => libraries[word]).find((word) => word !== undefined)
  const namesProcessor = words.some((word) => processors[word] !== undefined && !/^\d+$/.test(word))
  if (os === undefined && !namesProcessor) return undefined
  return { ...(os ? { os } : {}), ...(cpu ? { cpu } : {}), ...(libc ? { libc } : {}) }
}

/** Whether a package of that name would be for the target, as far as the name tells. */
export function isNamedFor(named: NamedPlatform, target: NpmTarget): boolean {
  return (
    (named.os === undefined || named.os === target.os) &&
    (named.cpu === undefined || named.cpu === target.cpu) &&
    (named.libc === undefined || named.libc === target.libc)
  )
}
