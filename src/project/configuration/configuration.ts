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
  compression?: 'gzip' | 'zstd'
  compressionLevel?: number
  tags?: string[]
  verify?: { ignore?: IgnoredFinding[] }
  /** findings of `check` that the user accepts; `path` is a glob over the project's files */
  check?: { ignore?: IgnoredFinding[] }
  /** registries (`host[:port]`) that are spoken to over plain HTTP */
  registry?: { insecure?: string[] }
}
