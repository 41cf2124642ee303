/** What `everyarch.config.json` may hold. Every key is optional; the schema in `schema.ts` is checked against this type. */

/** A base image made from Debian packages and an npm-distributed Node, without any container registry. */
export interface AssembledBase {
  assemble: 'debian'
  /** Debian's release name; `bookworm` when absent */
  suite?: string
  /** Node's major, or an exact version; the project's own choice when absent */
  node?: string
  /** further Debian packages, with their dependencies */
  packages?: string[]
  /** address of a Debian mirror; the host's apt sources when absent */
  mirror?: string
}

export interface ImageSettings {
  env?: Record<string, string>
  labels?: Record<string, string>
  annotations?: Record<string, string>
  user?: string
  workdir?: string
  entrypoint?: string[]
  cmd?: string[]
  /** `8080/tcp`, `53/udp` */
  ports?: string[]
  stopSignal?: string
}

/** Findings of `verify` that the user accepts: each by rule and path, with the reason why. */
export interface IgnoredFinding {
  rule: string
  /** glob over paths inside the image, without a leading slash; every path when absent */
  path?: string
  reason: string
}

/** The ways to a package's binary, in the order in which they are tried. */
export type AddonStep = 'optional-package' | 'bundled' | 'download' | 'compile' | 'emulate'

/** How the native addon of a package is provided. */
export interface AddonSettings {
  /** the ways that may be gone, in this order; all of them when absent */
  from?: AddonStep[]
  /** address that its prebuilt binaries are downloaded from, instead of what the package says */
  mirror?: string
  /** Debian packages with headers and libraries that it is compiled against */
  packages?: string[]
  /** variables of its build */
  env?: Record<string, string>
  /** further arguments of node-gyp */
  args?: string[]
  /** shell command that compiles it instead of node-gyp, run in the package's folder */
  script?: string
  /** calls of the compiler at once */
  jobs?: number
  /** compile it under emulation, in a root made of the base image, and nowhere else */
  emulate?: boolean
  /** take symbols and debug information out of what was compiled; true when absent */
  strip?: boolean
  /** leave out what the platform will never load; true when absent */
  prune?: boolean
}

export interface Configuration {
  /** canonical `os/architecture[/variant]` */
  platforms?: string[]
  base?: string | AssembledBase
  /** shell command that builds the app, or false for none; `npm run build` when absent and the script exists */
  build?: string | false
  /** globs of what goes into the image, relative to the built package; `!` takes away */
  include?: string[]
  /** name or folder of the workspace to build */
  workspace?: string
  image?: ImageSettings
  /** by package name; `*` stands for every package */
  addons?: Record<string, AddonSettings>
  compression?: 'gzip' | 'zstd'
  compressionLevel?: number
  tags?: string[]
  verify?: { ignore?: IgnoredFinding[] }
  /** findings of `check` that the user accepts; `path` is a glob over the project's files */
  check?: { ignore?: IgnoredFinding[] }
  /** registries (`host[:port]`) that are spoken to over plain HTTP */
  registry?: { insecure?: string[] }
}
