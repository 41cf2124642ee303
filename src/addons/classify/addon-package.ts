/** What is known of a package with native code before anything is installed or built. Plain JSON throughout. */

/** How a package comes by its native code; of several ways the first that npm and its loader would take. */
export type Mechanism =
  /** one optional package for each platform: sharp, @node-rs/* */
  | 'optional-packages'
  /** binaries for several platforms in its own tarball: prebuildify, node-gyp-build, cmake-ts */
  | 'bundled'
  /** its install script fetches a binary: prebuild-install, node-pre-gyp */
  | 'download'
  /** its install script, or npm on its own account, compiles it */
  | 'source'
  /** executables instead of addons: esbuild, prisma's engines, a browser */
  | 'tool'
  /** an install script that no binary depends on */
  | 'script-only'

export type Builder = 'node-gyp' | 'cmake-js' | 'cargo'
export type Downloader = 'prebuild-install' | 'node-pre-gyp' | 'install-artifact-from-github' | 'custom'

/** A system library by the names of its packages. */
export interface SystemLibrary {
  /** as the package's build asks for it: a pkg-config module, a library of the linker, a program such as `pg_config` */
  name: string
  pkgConfig?: string
  debianDev: string
  debianRuntime: string
  alpineDev: string
  alpineRuntime: string
}

/** What compiling a package takes beyond a C++ compiler, make and Node's headers. */
export interface BuildNeeds {
  /** node-gyp runs on Python */
  python: boolean
  /** the C++ standard that it asks for: 17, 20; absent: it asks for none */
  cxxStandard?: number
  /** further programs: cmake, cargo, bash, pkg-config */
  tools: string[]
  systemLibraries: SystemLibrary[]
}

/** What a package has for one platform. */
export interface AddonStatus {
  status: /** the binary is in a package that is installed anyway */
    | 'prebuilt'
    /** a script would fetch it; whether there is one for the platform is not known before it is asked for */
    | 'download'
    /** it has to be compiled */
    | 'compile'
    /** only as WebAssembly, in a package that npm installs on demand */
    | 'wasm'
    /** neither a binary nor a way to make one */
    | 'impossible'
    /** nothing native is needed */
    | 'not-native'
  /** of a prebuilt binary */
  how?: 'optional-package' | 'bundled'
  /** what says so: `name@version` of the carriers, a path in the package, the commands of a script */
  evidence: string
  /** why there is nothing better, in words */
  reason?: string
  /** of a download, from the mechanism's own template; absent where a program decides it */
  url?: string
  /** of a download: its server has been asked, and has it */
  published?: true
  /** of a prebuilt binary: the oldest glibc that it can be loaded with */
  glibc?: string
}

export interface AddonPackage {
  name: string
  version?: string
  location: string
  integrity?: string
  mechanism: Mechanism
  /** what would compile it, also where a binary is to be had; absent: it cannot be compiled */
  builder?: Builder
  downloader?: Downloader
  /** the service runs without its binary */
  optional: boolean
  /** why, in words */
  optionalBecause?: string
  /** only development needs it */
  dev: boolean
  /** what its binaries are made for, as far as the package tells; `abis` are NODE_MODULE_VERSIONs */
  binding: { api?: 'node-api' | 'node'; abis: number[] }
  /** what compiling it takes; only of packages with a builder */
  needs?: BuildNeeds
  /** what npm would run after unpacking it, `npm run` expanded */
  commands: string[]
  /** what must be known beside the statuses: a stray build, a script that builds for the wrong machine */
  notes: string[]
  /** by `formatPlatform`; only platforms that have the package at all */
  platforms: Record<string, AddonStatus>
}
