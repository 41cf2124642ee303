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
  /** minutes for which a mirror's answer counts as its present index; 60 when absent, 0: every build asks */
  indexMaxAge?: number
  /** false: an expired index is taken, as a snapshot of the past has it */
  checkValidUntil?: boolean
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
  /** true: compiled in a root of the base image, under QEMU where need be; false: never; where nothing else helps when absent */
  emulate?: boolean
  /** calls of the compiler at once */
  jobs?: number
  /** take symbols and debug information out of what was compiled; true when absent */
  strip?: boolean
  /** leave out what the platform will never load; true when absent */
  prune?: boolean
}

/** A text that has to be found, or a regular expression that has to match. */
export type ExpectedText = string | { matches: string }

/** A request that a started service has to answer. */
export interface HttpCheck {
  port: number
  /** with its leading slash; `/` when absent */
  path?: string
  /** any from 200 to 399 when absent */
  status?: number
  body?: ExpectedText
  headers?: Record<string, ExpectedText>
}

/**
 * One smoke test. It runs a command, starts the image and waits for what it names, loads the addons, or runs a service of a
 * compose file: one of these four.
 */
export interface SmokeProbe {
  /** platforms that it is made on; every platform when absent */
  platforms?: string[]
  /** seconds until it has failed; longer under emulation */
  timeout?: number
  env?: Record<string, string>
  /** how often it is tried again after a failure */
  retries?: number
  /** the container's root file system cannot be written to */
  readOnly?: boolean
  /** that the container may take, such as `512m` or `2g` */
  memory?: string
  addons?: true
  command?: string[]
  exitCode?: number
  output?: ExpectedText
  /** `3000/healthz`, or with what is expected of the answer */
  http?: string | HttpCheck
  tcp?: number
  log?: ExpectedText
  healthcheck?: true
  /** seconds after its start that it has to be there still */
  stableFor?: number
  /** seconds from the stop signal to the end */
  stopTimeout?: number
  compose?: { file: string; service: string }
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
  /** what is tested of each platform's image before it gets a name */
  smoke?: SmokeProbe[]
  /** where the images of a platform are run: address of a container engine, or name of a Docker context, by platform */
  runners?: Record<string, string>
  /** registries (`host[:port]`) that are spoken to over plain HTTP */
  registry?: { insecure?: string[] }
}
