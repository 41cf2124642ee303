/**
 * What a path says of the platform that its file is for. Package authors name folders and files after Node's `process.platform`
 * and `process.arch`, Rust's or Debian's triplets, Go's names, libc flavours and Node ABIs; loaders choose by these names.
 * So a file that is named after another platform is never loaded here, and one that is named after this platform, or after
 * none, must fit it.
 */

/** What an image's programs run on, in npm's words. */
export interface Target {
  os: string
  /** `process.arch` */
  cpu: string
  libc?: 'glibc' | 'musl'
  /** 32-bit Arm's version: 6, 7, 8 */
  armVersion?: number
  /** NODE_MODULE_VERSION of the image's Node */
  abi?: number
  nodeMajor?: number
}

/** Every name that a path carries of one kind; empty when it carries none. */
export interface PlatformLabel {
  systems: Set<string>
  cpus: Set<string>
  libcs: Set<string>
  abis: Set<number>
  nodeMajors: Set<number>
  armVersions: Set<number>
  /** `electron`, `node-webkit`: no container has them */
  runtimes: Set<string>
}

const systems: Record<string, string> = {
  linux: 'linux',
  linuxmusl: 'linux',
  linuxglibc: 'linux',
  alpine: 'linux',
  darwin: 'darwin',
  macos: 'darwin',
  osx: 'darwin',
  win32: 'win32',
  windows: 'win32',
  msvc: 'win32',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  sunos: 'sunos',
  aix: 'aix',
  android: 'android',
  androideabi: 'android',
  ohos: 'openharmony',
  openharmony: 'openharmony',
  wasi: 'wasi',
}

/** Names that are ordinary words: they count only beside another name of a platform. */
const weakSystems: Record<string, string> = { mac: 'darwin', win: 'win32', win64: 'win32', ios: 'ios' }

const cpus: Record<string, string> = {
  x64: 'x64',
  x86_64: 'x64',
  amd64: 'x64',
  arm64: 'arm64',
  aarch64: 'arm64',
  arm64v8: 'arm64',
  armv5: 'arm',
  armv6: 'arm',
  armv6l: 'arm',
  armv7: 'arm',
  armv7l: 'arm',
  armhf: 'arm',
  armel: 'arm',
  arm32: 'arm',
  gnueabihf: 'arm',
  gnueabi: 'arm',
  musleabihf: 'arm',
  musleabi: 'arm',
  ia32: 'ia32',
  i386: 'ia32',
  i586: 'ia32',
  i686: 'ia32',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  ppc64el: 'ppc64',
  powerpc64le: 'ppc64',
  powerpc64: 'ppc64be',
  s390x: 's390x',
  riscv64: 'riscv64',
  riscv64gc: 'riscv64',
  loong64: 'loong64',
  loongarch64: 'loong64',
  mips64el: 'mips64el',
  mipsel: 'mipsel',
  mips: 'mips',
  mips64: 'mips64',
  sparc: 'sparc',
  sparc64: 'sparc64',
  alpha: 'alpha',
  hppa: 'hppa',
  wasm32: 'wasm32',
}

const weakCpus: Record<string, string> = { arm: 'arm', x86: 'ia32', 386: 'ia32', x32: 'x32', '32bit': 'ia32' }

const libcs: Record<string, 'glibc' | 'musl'> = {
  glibc: 'glibc',
  gnu: 'glibc',
  gnueabihf: 'glibc',
  gnueabi: 'glibc',
  linuxglibc: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
  musleabi: 'musl',
  linuxmusl: 'musl',
  alpine: 'musl',
}

/** Reads every segment of a path. */
export function labelOf(path: string): PlatformLabel {
  const label: PlatformLabel = {
    systems: new Set(),
    cpus: new Set(),
    libcs: new Set(),
    abis: new Set(),
    nodeMajors: new Set(),
    armVersions: new Set(),
    runtimes: new Set(),
  }
  for (const segment of path.toLowerCase().split('/')) readSegment(segment, label)
  return label
}

function readSegment(segment: string, label: PlatformLabel): void {
  const tokens = segment.replaceAll(/x86[_-]64/g, 'amd64').split(/[^a-z0-9]+/)
  const known = (names: Record<string, string>) => tokens.flatMap((token) => names[token] ?? [])
  const strong = [...known(systems), ...known(cpus)].length > 0
  // A lone `arm` or `x86` is a name when it is the whole segment, as in `bin/linux/arm`.
  const counts = strong || tokens.length === 1
  add(label.systems, [...known(systems), ...(strong ? known(weakSystems) : [])])
  add(label.cpus, [...known(cpus), ...(counts ? known(weakCpus) : [])])
  const named = strong || /^(?:.*[.-])?(?:glibc|musl)(?:[.-].*)?$/.test(segment)
  if (named) add(label.libcs, known(libcs))
  for (const token of tokens) {
    const version = /^armv([5-8])l?$/.exec(token)?.[1]
    if (version) label.armVersions.add(Number(version))
  }
  readRuntime(segment, strong, label)
}

/** Node ABIs: `abi115`, `node-v115-linux-x64` (node-pre-gyp), `linux-x64-glibc-115`; majors: `linux-x64-node-20`. */
function readRuntime(segment: string, strong: boolean, label: PlatformLabel): void {
  for (const [, abi] of segment.matchAll(/(?:^|[^a-z])abi(\d{2,3})(?!\d)/g)) label.abis.add(Number(abi))
  for (const [, abi] of segment.matchAll(/(?:^|[^a-z])node-v(\d{2,3})(?!\.?\d)/g)) label.abis.add(Number(abi))
  for (const [, abi] of segment.matchAll(/(?:glibc|musl|unknown)-(\d{2,3})(?!\.?\d)/g))
    label.abis.add(Number(abi))
  const major = strong ? /-node-(\d{1,2})(?!\.?\d)/.exec(segment)?.[1] : undefined
  if (major) label.nodeMajors.add(Number(major))
  const runtime = /(?:^|[.-])(electron|node-webkit)(?:[.-]|$)/.exec(segment)?.[1]
  if (runtime) label.runtimes.add(runtime)
}

function add(set: Set<string>, names: readonly string[]): void {
  for (const name of names) set.add(name)
}

/** `foreign`: named after another platform. `ours`: named after this one. `none`: not named after any. */
export function fitOf(label: PlatformLabel, target: Target): 'ours' | 'foreign' | 'none' {
  const { armVersion } = target
  const excluded =
    (label.systems.size > 0 && !label.systems.has(target.os)) ||
    (label.cpus.size > 0 && !label.cpus.has(target.cpu)) ||
    (label.libcs.size > 0 && target.libc !== undefined && !label.libcs.has(target.libc)) ||
    (label.abis.size > 0 && target.abi !== undefined && !label.abis.has(target.abi)) ||
    (label.nodeMajors.size > 0 &&
      target.nodeMajor !== undefined &&
      !label.nodeMajors.has(target.nodeMajor)) ||
    (target.cpu === 'arm' && armVersion !== undefined && above(label.armVersions, armVersion)) ||
    label.runtimes.size > 0
  if (excluded) return 'foreign'
  return label.systems.size > 0 || label.cpus.size > 0 ? 'ours' : 'none'
}

function above(versions: ReadonlySet<number>, version: number): boolean {
  return versions.size > 0 && [...versions].every((named) => named > version)
}
